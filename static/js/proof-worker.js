// Looks for the number whose derived key begins as the challenge says (ALTCHA's proof of work, version 2).
const bytesOf = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
const hexOf = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const REPORT_EVERY = 20;

addEventListener("message", async ({ data: challenge }) => {
  const nonce = bytesOf(challenge.nonce);
  const work = {
    name: "PBKDF2",
    salt: bytesOf(challenge.salt),
    iterations: challenge.cost,
    hash: challenge.algorithm.split("/")[1],
  };
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  const counterBytes = new DataView(password.buffer, nonce.length);
  for (let counter = 0; ; counter += 1) {
    counterBytes.setUint32(0, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const derivedKey = hexOf(await crypto.subtle.deriveBits(work, key, challenge.keyLength * 8));
    if (derivedKey.startsWith(challenge.keyPrefix)) {
      postMessage({ solution: { counter, derivedKey } });
      return;
    }
    if (counter % REPORT_EVERY === 0) postMessage({ rounds: counter });
  }
});
