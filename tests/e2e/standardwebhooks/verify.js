// Verifies requests as a receiver does. Input: {"secrets": [text, …], "requests": [{"headers": {…}, "body": text}, …]} on standard input;
// output: for each request an array that says for each secret whether the request is genuine by it. "whsec_" secrets go to the
// standardwebhooks package; it knows no v1a, so "whpk_" keys go to node's own Ed25519.

const crypto = require('crypto');
const {Webhook} = require('standardwebhooks');

function verifyShared(secret, {headers, body}) {
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  }
}

function verifyPublic(key, {headers, body}) {
  const x = Buffer.from(key.slice('whpk_'.length), 'base64').toString('base64url');
  const publicKey = crypto.createPublicKey({key: {kty: 'OKP', crv: 'Ed25519', x}, format: 'jwk'});
  const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => {
    const [version, base64] = signature.split(',');
    return version === 'v1a' && crypto.verify(null, content, publicKey, Buffer.from(base64, 'base64'));
  });
}

const {secrets, requests} = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const verdicts = requests.map((request) =>
  secrets.map((secret) => (secret.startsWith('whpk_') ? verifyPublic : verifyShared)(secret, request)));
process.stdout.write(JSON.stringify(verdicts));
