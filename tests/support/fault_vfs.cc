#include "tests/support/fault_vfs.h"

#include <cstring>

namespace herald {
namespace {

// What SQLite sees as the file: ours first, then the room of the real one.
struct File {
  sqlite3_file base;
  FaultVfs* vfs;
  bool is_log;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& Of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
const sqlite3_io_methods& RealOf(sqlite3_file* file) { return *Of(file).real()->pMethods; }
bool Strikes(sqlite3_file* file, FaultVfs::Fault fault) { return Of(file).vfs->Strikes(fault); }

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (Of(file).is_log && Strikes(file, FaultVfs::Fault::kDiskFull)) return SQLITE_FULL;
  if (Of(file).is_log && Strikes(file, FaultVfs::Fault::kWriteError)) return SQLITE_IOERR_WRITE;
  return RealOf(file).xWrite(Of(file).real(), data, size, offset);
}

int Sync(sqlite3_file* file, int flags) {
  if (Of(file).is_log && Strikes(file, FaultVfs::Fault::kSyncError)) return SQLITE_IOERR_FSYNC;
  return RealOf(file).xSync(Of(file).real(), flags);
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  const bool write_lock = offset == 0 && (flags & SQLITE_SHM_LOCK) != 0;
  if (write_lock && Strikes(file, FaultVfs::Fault::kLockError)) return SQLITE_IOERR_SHMLOCK;
  return RealOf(file).xShmLock(Of(file).real(), offset, count, flags);
}

sqlite3_io_methods MakeMethods() {
  sqlite3_io_methods methods = {};
  methods.iVersion = 2;
  methods.xClose = [](sqlite3_file* f) { return RealOf(f).xClose(Of(f).real()); };
  methods.xRead = [](sqlite3_file* f, void* data, int size, sqlite3_int64 offset) {
    return RealOf(f).xRead(Of(f).real(), data, size, offset);
  };
  methods.xWrite = Write;
  methods.xTruncate = [](sqlite3_file* f, sqlite3_int64 size) { return RealOf(f).xTruncate(Of(f).real(), size); };
  methods.xSync = Sync;
  methods.xFileSize = [](sqlite3_file* f, sqlite3_int64* size) { return RealOf(f).xFileSize(Of(f).real(), size); };
  methods.xLock = [](sqlite3_file* f, int level) { return RealOf(f).xLock(Of(f).real(), level); };
  methods.xUnlock = [](sqlite3_file* f, int level) { return RealOf(f).xUnlock(Of(f).real(), level); };
  methods.xCheckReservedLock = [](sqlite3_file* f, int* out) {
    return RealOf(f).xCheckReservedLock(Of(f).real(), out);
  };
  methods.xFileControl = [](sqlite3_file* f, int op, void* arg) {
    return RealOf(f).xFileControl(Of(f).real(), op, arg);
  };
  methods.xSectorSize = [](sqlite3_file* f) { return RealOf(f).xSectorSize(Of(f).real()); };
  methods.xDeviceCharacteristics = [](sqlite3_file* f) { return RealOf(f).xDeviceCharacteristics(Of(f).real()); };
  methods.xShmMap = [](sqlite3_file* f, int page, int size, int extend, void volatile** out) {
    return RealOf(f).xShmMap(Of(f).real(), page, size, extend, out);
  };
  methods.xShmLock = ShmLock;
  methods.xShmBarrier = [](sqlite3_file* f) { RealOf(f).xShmBarrier(Of(f).real()); };
  methods.xShmUnmap = [](sqlite3_file* f, int remove) { return RealOf(f).xShmUnmap(Of(f).real(), remove); };
  return methods;
}

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  static const sqlite3_io_methods kMethods = MakeMethods();
  File& ours = Of(file);
  ours.vfs = static_cast<FaultVfs*>(vfs->pAppData);
  ours.is_log = (flags & SQLITE_OPEN_WAL) != 0;
  sqlite3_vfs* const real = ours.vfs->real();
  const int code = real->xOpen(real, name, ours.real(), flags, out_flags);
  ours.base.pMethods = ours.real()->pMethods == nullptr ? nullptr : &kMethods;
  return code;
}

}  // namespace

FaultVfs::FaultVfs() : real_(sqlite3_vfs_find(nullptr)), vfs_(*real_) {
  vfs_.szOsFile = static_cast<int>(sizeof(File)) + real_->szOsFile;
  vfs_.zName = "fault";
  vfs_.pAppData = this;
  vfs_.xOpen = Open;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultVfs::~FaultVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(real_, 1);
}

void FaultVfs::Set(Fault fault, int times) {
  times_ = times;
  fault_ = fault;
}

bool FaultVfs::Strikes(Fault fault) { return fault_ == fault && times_.fetch_sub(1) > 0; }

}  // namespace herald
