// An HTTP/2 receiver for tests: node http2_server.js CERTIFICATE KEY. Prints its port; answers each request with the
// number of its connection. Ends with its standard input.
const fs = require('fs');
const http2 = require('http2');

const [certificate, key] = process.argv.slice(2);
const server = http2.createSecureServer({cert: fs.readFileSync(certificate), key: fs.readFileSync(key)});
let sessions = 0;
server.on('session', (session) => { session.number = ++sessions; });
server.on('stream', (stream, headers) => {
  let body = '';
  stream.on('data', (chunk) => { body += chunk; });
  stream.on('error', () => {});
  stream.on('end', () => {
    if (headers[':path'] === '/hang') return;
    if (headers[':path'] === '/reset') return stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
    stream.respond({':status': headers[':path'] === '/404' ? 404 : 200, 'x-session': stream.session.number});
    stream.end(headers[':path'] === '/big' ? 'x'.repeat(3 << 20) : `${headers[':method']} ${body}`);
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('end', () => process.exit(0)).resume();
