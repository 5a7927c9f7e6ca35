// The lines of a phone as WeChat shows them.
import { make, prefix, face, account, clockText } from "./wire.js";

const LINK = /<a\s[^>]*?href\s*=\s*["']([^"']*)["'][^>]*>([\s\S]*?)<\/a>|(https?:\/\/[^\s<>"'，。；）)]+)/gi;
const QUIET_MINUTES = 5 * 60 * 1000;

/** Text with its links alive; everything else stays text. `acts` has open(url) and say(text, menuId). */
export function linked(text, acts) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(end, found.index));
    const url = (found[1] ?? found[3]).replaceAll("&amp;", "&");
    parts.push(link(found[2] ?? found[3], url, acts));
    end = found.index + found[0].length;
  }
  parts.push(text.slice(end));
  return parts;
}

function link(text, url, acts) {
  const made = make("button", "link", { type: "button", textContent: text });
  made.addEventListener("click", () => follow(url, acts));
  return made;
}

function follow(url, acts) {
  if (url.startsWith("weixin://bizmsgmenu")) {
    const query = new URLSearchParams(url.split("?")[1] || "");
    acts.say(query.get("msgmenucontent") || "", query.get("msgmenuid") || "1");
  } else if (/^(https?:)?\/\//i.test(url) || url.startsWith("/")) {
    acts.open(url);
  }
}

function picture(line, acts) {
  const image = make("img", "", { src: line.image_url, alt: "图片" });
  image.addEventListener("click", () => acts.view(line.image_url));
  return make("div", "bubble picture", {}, image);
}

function opens(card, url, acts) {
  if (!url) return card;
  card.classList.add("opens");
  card.addEventListener("click", () => follow(url, acts));
  return card;
}

function news(line, acts) {
  const cards = line.data.articles.map((each) => opens(make("div", "card", {},
    each.picurl ? make("img", "", { src: each.picurl, alt: "" }) : null,
    make("div", "inside", {}, make("b", "", {}, each.title), make("p", "", {}, each.description))), each.url, acts));
  return make("div", "cards", {}, ...cards);
}

function notice(line, acts) {
  const rows = line.data.rows.flatMap(([label, value]) => [make("dt", "", {}, label), make("dd", "", {}, value)]);
  const card = make("div", "card", {},
    make("div", "inside", {}, make("b", "", {}, line.data.title), make("dl", "", {}, ...rows)),
    line.data.url ? make("div", "more", {}, "查看详情 ›") : null);
  return opens(card, line.data.url, acts);
}

function menu(line, acts) {
  const items = line.data.list.map((item) => {
    const made = make("button", "link", { type: "button", textContent: `\n${item.content}` });
    made.addEventListener("click", () => acts.say(item.content, String(item.id)));
    return made;
  });
  return make("div", "bubble", {}, ...linked(line.data.head_content || "", acts), ...items,
    line.data.tail_content ? `\n${line.data.tail_content}` : "");
}

const forms = { image: picture, news, template: notice, subscribe: notice, menu };

function content(line, acts) {
  if (forms[line.type]) return forms[line.type](line, acts);
  const text = line.type === "voice" ? `🔊 ${line.text || "语音"}` : line.text || `[${line.type}]`;
  return make("div", "bubble", {}, ...(line.from === "account" ? linked(text, acts) : [text]));
}

/** The list item of a line, with the time above it when it has been quiet. */
export function render(line, before, { person, acts }) {
  const items = [];
  if (!before || new Date(line.at) - new Date(before.at) > QUIET_MINUTES) {
    items.push(make("li", "stamp", {}, clockText(line.at)));
  }
  if (line.type === "event" || line.type === "system") {
    items.push(make("li", "system", {}, make("span", "", {}, line.text)));
    return items;
  }
  const mine = line.from === "person";
  const image = make("img", "", { src: `${prefix}/static/mark.svg`, alt: account });
  const portrait = mine ? face(person.name) : make("span", "face", {}, image);
  const item = make("li", mine ? "mine" : "", {}, portrait, content(line, acts));
  item.dataset.n = line.n;
  items.push(item);
  return items;
}
