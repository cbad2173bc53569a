#include "tests/support/spawned_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/support/check.h"

namespace herald {
namespace {

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

SpawnedProcess::SpawnedProcess(std::vector<std::string> command) {
  int in[2] = {};
  int out[2] = {};
  TestCheck(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0, "cannot make a pipe");
  in_ = in[1];
  out_ = out[0];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  if (posix_spawnp(&pid_, command[0].c_str(), &actions, nullptr, Pointers(command).data(), environ) != 0) pid_ = -1;
  posix_spawn_file_actions_destroy(&actions);
  close(in[0]);
  close(out[1]);
  if (started()) first_line_ = ReadLine();
}

SpawnedProcess::~SpawnedProcess() {
  if (started() && !ended_) {
    Signal(SIGKILL);
    Wait();
  }
  close(in_);
  close(out_);
}

std::string SpawnedProcess::ReadLine() const {
  std::string line;
  char next = 0;
  while (read(out_, &next, 1) == 1 && next != '\n') line.push_back(next);
  return line;
}

void SpawnedProcess::Signal(int signal) const { kill(pid_, signal); }

int SpawnedProcess::Wait() {
  int status = 0;
  TestCheck(waitpid(pid_, &status, 0) == pid_, "cannot wait for a process");
  ended_ = true;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace herald
