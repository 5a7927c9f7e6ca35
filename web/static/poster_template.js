// Comfort only: the preview follows the form, and areas can be dragged on it. Everything works without.
(() => {
  const form = document.getElementById("template"), preview = document.getElementById("preview");
  if (!form || !preview) return;
  const value = (name) => form.elements[name] && form.elements[name].value;
  const whole = (part, edge) => Number(value(`${part}.${edge}`)) || 0;
  const parts = [...form.querySelectorAll("tr[data-part]")].map((row) => row.dataset.part);
  const lines = { title: 2, slogan: 2, small: 2 };
  const size = () => value("size").split("x").map(Number);
  const area = (part) => {
    const left = whole(part, "left"), top = whole(part, "top");
    const box = [left, top, left + Math.max(1, whole(part, "width")), top + Math.max(1, whole(part, "height"))];
    if (!form.elements[`${part}.size`]) return { part, box };
    const bold = part === "title" || part === "name";
    return { part, box, size: whole(part, "size"), colour: value(`${part}.colour`), lines: lines[part] || 1, bold, at: "middle" };
  };
  const shown = () => parts.filter((part) => form.elements[`${part}.on`].checked).map(area);
  let waiting;
  const refresh = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const told = { title: "预览", size: size(), tone: value("tone"), kinds: [value("kind")], colours: { sheet: value("sheet") }, area: shown() };
      const query = new URLSearchParams({ template: preview.dataset.template, document: JSON.stringify(told) });
      preview.src = `${preview.dataset.preview}?${query}`;
    }, 250);
  };
  form.addEventListener("input", refresh);
  let held;
  const at = (event) => {
    const frame = preview.getBoundingClientRect(), scale = size()[0] / frame.width;
    return [(event.clientX - frame.left) * scale, (event.clientY - frame.top) * scale];
  };
  preview.draggable = false;
  preview.style.touchAction = "none";
  preview.addEventListener("pointerdown", (event) => {
    const [x, y] = at(event);
    const hit = shown().reverse().find(({ box }) => x >= box[0] && x < box[2] && y >= box[1] && y < box[3]);
    if (!hit) return;
    held = { part: hit.part, x: x - hit.box[0], y: y - hit.box[1] };
    preview.setPointerCapture(event.pointerId);
  });
  preview.addEventListener("pointermove", (event) => {
    if (!held) return;
    const [x, y] = at(event);
    form.elements[`${held.part}.left`].value = Math.max(0, Math.round(x - held.x));
    form.elements[`${held.part}.top`].value = Math.max(0, Math.round(y - held.y));
    refresh();
  });
  preview.addEventListener("pointerup", () => { held = undefined; });
})();
