// Closes a box that only the site can open (O7, O8); survey/services/sealed_box.py is the other half and says the form.

const INFO = new TextEncoder().encode("survey sealed box 1");
const CURVE = { name: "ECDH", namedCurve: "P-256" };

/** Makes a closer of the site's public key (65 bytes, as the server gave them): content → box. */
export async function sealer(publicKey) {
  const theirs = await crypto.subtle.importKey("raw", publicKey, CURVE, false, []);
  const name = new Uint8Array(await crypto.subtle.digest("SHA-256", publicKey)).slice(0, 8);
  return async (content) => {
    const once = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
    const point = new Uint8Array(await crypto.subtle.exportKey("raw", once.publicKey));
    const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, once.privateKey, 256);
    const start = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
    const how = { name: "HKDF", hash: "SHA-256", salt: joined(point, publicKey), info: INFO };
    const key = await crypto.subtle.deriveKey(how, start, { name: "AES-GCM", length: 256 }, false, ["encrypt"]);
    const head = joined(Uint8Array.of(1), name, point);
    const closed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: new Uint8Array(12), additionalData: head }, key, content);
    return joined(head, new Uint8Array(closed));
  };
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
