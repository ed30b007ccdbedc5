// Closes what lies on the tablet (O7): each enumerator has a data key (AES-GCM, not extractable) that only their
// password opens; no password is kept anywhere. Beside it the same key lies sealed to the server, so that a
// queue can be exported and read there when the tablet cannot send or the password is lost (O8).

import { sealer } from "../sealed_box.js";
import { toBase64, toHex } from "../queue.js";

const ROUNDS = 600_000; // PBKDF2-HMAC-SHA-256 (OWASP Password Storage Cheat Sheet)
const IV = 12;
const encoder = new TextEncoder();
const nameOf = (login) => `vault:${login}`;
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

export class WrongPassword extends Error {}
export class TooLong extends Error {}

export const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

/** What an enumerator can open after signing in: `seal` and `open` bytes, each bound to a name. */
class Vault {
  constructor(key, kept, profile) {
    Object.assign(this, { key, id: kept.id, login: kept.login, profile });
  }

  async seal(content, name) {
    return closed(this.key, encoder.encode(JSON.stringify(content)), name);
  }

  async open(sealed, name) {
    return JSON.parse(new TextDecoder().decode(await opened(this.key, sealed, name)));
  }
}

/** Opens an enumerator's vault without a network; WrongPassword, or TooLong after the sign-in has ended. */
export async function unlock(queue, login, password, now) {
  const kept = await queue.recall(nameOf(login));
  if (!kept) throw new WrongPassword();
  const vault = await openedBy(kept, password);
  if (now > kept.until) throw new TooLong();
  return vault;
}

/**
 * Opens or makes the vault of somebody whom the server has just let in; `granted` is its answer. After a changed
 * password the same data key is put under the new one: `giveBack(escrow, grant)` gets it from the server, or null when
 * the server cannot open it either; then a new key is made and what the former one closed stays closed.
 */
export async function welcome(queue, granted, password, device, giveBack) {
  const { login, full_name, grant, until } = granted;
  const former = await queue.recall(nameOf(login));
  let kept = former, vault = null;
  if (former) vault = await openedBy(former, password).catch(() => null);
  if (!vault) {
    const raw = former ? await giveBack(former.escrow, grant) : null;
    if (former && !raw) await queue.remember(`${nameOf(login)}:${former.id}`, former);
    kept = raw ? await rewrapped(former, raw, password) : await made(login, password, fromBase64(granted.public_key), device);
    vault = await openedBy(kept, password);
  }
  vault.profile = { grant, full_name };
  kept = { ...kept, until, full_name, profile: await vault.seal(vault.profile, "profile") };
  await queue.remember(nameOf(login), kept);
  await queue.remember(`key:${kept.id}`, kept.escrow);
  await queue.remember("last", login);
  return vault;
}

/** Writes the file of last resort: sealed records, and their keys sealed to the server. */
export async function exported(queue, device) {
  const records = [], keys = {};
  for (const { id, about, sealed, state, made: at } of await queue.contents()) {
    keys[about.key] ??= toBase64(await queue.recall(`key:${about.key}`));
    records.push({ id, key: about.key, state, made: at, sealed: toBase64(sealed) });
  }
  const told = { format: "survey-queue-1", device, made_at: Date.now(), offset_s: queue.offset, keys, records };
  return new Blob([JSON.stringify(told)], { type: "application/json" });
}

async function made(login, password, publicKey, device) {
  const raw = random(32), id = toHex(random(8));
  const under = await wrappedUnder(password, raw, `${login}:${id}`);
  const told = encoder.encode(JSON.stringify({ login, device, key: toBase64(raw) }));
  const escrow = await (await sealer(publicKey))(told);
  raw.fill(0);
  told.fill(0);
  return { id, login, ...under, escrow };
}

async function wrappedUnder(password, raw, name) {
  const salt = random(16);
  return { salt, rounds: ROUNDS, wrapped: await closed(await fromPassword(password, salt, ROUNDS), raw, name) };
}

async function rewrapped({ id, login, escrow }, raw, password) {
  const under = await wrappedUnder(password, raw, `${login}:${id}`);
  raw.fill(0);
  return { id, login, ...under, escrow };
}

async function openedBy(kept, password) {
  let raw;
  try {
    const key = await fromPassword(password, kept.salt, kept.rounds);
    raw = new Uint8Array(await opened(key, kept.wrapped, `${kept.login}:${kept.id}`));
  } catch {
    throw new WrongPassword();
  }
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);
  raw.fill(0);
  const vault = new Vault(key, kept, null);
  if (kept.profile) vault.profile = await vault.open(kept.profile, "profile");
  return vault;
}

async function fromPassword(password, salt, iterations) {
  const start = await crypto.subtle.importKey("raw", encoder.encode(password.normalize("NFC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(how, start, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function closed(key, content, name) {
  const iv = random(IV);
  const how = { name: "AES-GCM", iv, additionalData: encoder.encode(name) };
  const box = new Uint8Array(await crypto.subtle.encrypt(how, key, content));
  const whole = new Uint8Array(IV + box.length);
  whole.set(iv);
  whole.set(box, IV);
  return whole;
}

function opened(key, whole, name) {
  const how = { name: "AES-GCM", iv: whole.slice(0, IV), additionalData: encoder.encode(name) };
  return crypto.subtle.decrypt(how, key, whole.slice(IV));
}
