// Comfort only: the preview follows the form, and areas are moved and sized on it. Everything works without.
(() => {
  const form = document.getElementById("template"), preview = document.getElementById("preview");
  if (!form || !preview) return;
  const CORNER = 56, LINES = { title: 2, slogan: 2, small: 2 }, BOLD = ["title", "name"];
  const field = (name) => form.elements[name];
  const whole = (part, edge) => Number(field(`${part}.${edge}`).value) || 0;
  const parts = [...form.querySelectorAll("tr[data-part]")].map((row) => row.dataset.part);
  const size = () => field("size").value.split("x").map(Number);
  const boxOf = (part) => {
    const left = whole(part, "left"), top = whole(part, "top");
    return [left, top, left + Math.max(1, whole(part, "width")), top + Math.max(1, whole(part, "height"))];
  };
  const area = (part) => {
    const told = { part, box: boxOf(part) };
    if (part === "qr") told.logo = true;
    if (!field(`${part}.size`)) return told;
    const letters = { size: Math.max(12, whole(part, "size")), colour: field(`${part}.colour`).value };
    return { ...told, ...letters, lines: LINES[part] || 1, bold: BOLD.includes(part), at: "middle" };
  };
  const shown = () => parts.filter((part) => field(`${part}.on`).checked);
  const draw = () => {
    const colours = { sheet: field("sheet").value };
    const told = { title: "预览", size: size(), tone: field("tone").value, kinds: [field("kind").value], colours, area: shown().map(area) };
    const query = new URLSearchParams({ template: preview.dataset.template, document: JSON.stringify(told) });
    preview.src = `${preview.dataset.preview}?${query}`;
  };
  let waiting;
  const refresh = () => { clearTimeout(waiting); waiting = setTimeout(draw, 250); };

  const frame = document.createElement("div");
  frame.className = "held";
  frame.hidden = true;
  preview.after(frame);
  const scale = () => size()[0] / preview.getBoundingClientRect().width;
  const mark = (part) => {
    frame.hidden = !part;
    if (!part) return;
    const [left, top, right, bottom] = boxOf(part).map((edge) => edge / scale());
    Object.assign(frame.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
  };
  const at = (event) => {
    const seen = preview.getBoundingClientRect();
    return [(event.clientX - seen.left) * scale(), (event.clientY - seen.top) * scale()];
  };
  const within = ([left, top, right, bottom], [x, y]) => x >= left && x < right && y >= top && y < bottom;
  // where areas lie on each other the smallest is meant
  const room = (part) => whole(part, "width") * whole(part, "height");
  const hit = (point) => shown().filter((part) => within(boxOf(part), point)).sort((a, b) => room(a) - room(b))[0];
  const put = (part, edge, value, least, most) => {
    field(`${part}.${edge}`).value = Math.round(Math.min(Math.max(value, least), Math.max(least, most)));
  };

  let held;
  preview.draggable = false;
  preview.addEventListener("pointerdown", (event) => {
    const [x, y] = at(event), part = hit([x, y]);
    if (!part) return;
    event.preventDefault();
    const [left, top, right, bottom] = boxOf(part);
    const corner = Math.min(CORNER, (right - left) / 3, (bottom - top) / 3);
    held = { part, x: x - left, y: y - top, sizing: right - x < corner && bottom - y < corner };
    preview.setPointerCapture(event.pointerId);
  });
  preview.addEventListener("pointermove", (event) => {
    const [x, y] = at(event);
    if (!held) return mark(hit([x, y]));
    const { part, sizing } = held, [left, top] = boxOf(part), [width, height] = size();
    if (sizing) {
      const wide = x - left, high = part === "qr" || part === "avatar" ? wide : y - top;
      put(part, "width", wide, 20, width - left);
      put(part, "height", high, 20, height - top);
    } else {
      put(part, "left", x - held.x, 0, width - whole(part, "width"));
      put(part, "top", y - held.y, 0, height - whole(part, "height"));
    }
    mark(part);
  });
  const release = () => { if (held) { held = undefined; draw(); } };
  preview.addEventListener("pointerup", release);
  preview.addEventListener("pointercancel", release);
  preview.addEventListener("pointerleave", () => { if (!held) mark(); });
  form.addEventListener("input", refresh);
  form.addEventListener("focusin", (event) => mark(event.target.name && parts.find((part) => event.target.name.startsWith(`${part}.`))));
  for (const each of document.querySelectorAll(".scripted")) each.hidden = false;
})();
