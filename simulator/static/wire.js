// Talking to the desk, and small things every panel needs.
export const prefix = document.body.dataset.prefix;
export const account = document.body.dataset.account;
const service = new URL(document.body.dataset.service).origin;

/** The address of a page of the service as this browser reaches it; null for any other page. */
export function local(link) {
  const url = new URL(link, location.origin);
  return [service, location.origin].includes(url.origin) ? new URL(url.pathname + url.search + url.hash, location.origin) : null;
}

export const at = (id) => document.getElementById(id);

async function answered(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.detail || `HTTP ${response.status}`);
  return body;
}

export const get = async (path) => answered(await fetch(prefix + path));

export const post = async (path, body = {}) => answered(await fetch(prefix + path, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
}));

export const remove = async (path) => answered(await fetch(prefix + path, { method: "DELETE" }));

/** An element with a class, properties and children; texts stay texts. */
export function make(tag, className = "", facts = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  Object.assign(made, facts);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const numbers = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const yuan = (fen) => `¥${numbers.format(fen / 100)}`;
export const clockText = (at) => at.slice(5, 16).replace("T", " ");

let fading = 0;
export function toast(text) {
  const line = at("toast");
  line.textContent = text;
  line.hidden = false;
  clearTimeout(fading);
  fading = setTimeout(() => { line.hidden = true; }, 3200);
}

/** Runs something a person asked for; what goes wrong is said, not thrown. */
export async function attempt(action, button = null) {
  if (button) button.disabled = true;
  try {
    return await action();
  } catch (error) {
    toast(`没成功：${error.message}`);
    return null;
  } finally {
    if (button) button.disabled = false;
  }
}

const hues = [152, 205, 24, 268, 340, 184, 46, 228];
export function face(name) {
  const hue = hues[[...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % hues.length];
  const made = make("span", "face", {}, [...name][0] || "？");
  made.style.background = `hsl(${hue} 46% 48%)`;
  return made;
}

export function base64(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error("读不了这张图片"));
    reader.readAsDataURL(blob);
  });
}
