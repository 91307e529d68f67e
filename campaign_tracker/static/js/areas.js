// The editor of a mine's areas: the drawing follows the numbers, and the numbers follow what is dragged.
"use strict";

(() => {
  const sheet = document.querySelector("svg[data-areas]");
  if (!sheet) return;
  const square = Number(sheet.dataset.square);
  const [, , sheetWidth, sheetHeight] = sheet.getAttribute("viewBox").split(" ").map(Number);
  const columns = sheetWidth / square;
  const rows = sheetHeight / square;
  const NEW = { width: 6, height: 4 };
  const make = (name) => document.createElementNS("http://www.w3.org/2000/svg", name);

  // The drawing that the server sent gives way to one that moves; it keeps its colours.
  const saved = [...sheet.querySelectorAll(".risk-saved")];
  const lines = [...document.querySelectorAll("[data-area-line]")].map((line) => {
    const inputs = {};
    for (const input of line.querySelectorAll("[data-area]")) inputs[input.dataset.area] = input;
    return { inputs, group: null };
  });
  const colours = saved.map((group) => group.querySelector("rect").getAttribute("class"));
  for (const group of saved) group.remove();

  function read(line) {
    const place = {};
    for (const name of ["x", "y", "width", "height"]) {
      const text = line.inputs[name].value.trim();
      if (text === "") return null;
      place[name] = Number(text);
    }
    const whole = Object.values(place).every(Number.isInteger);
    return whole && place.width > 0 && place.height > 0 && place.x >= 0 && place.y >= 0 ? place : null;
  }

  function draw(line) {
    const place = read(line);
    const gone = line.inputs.remove?.checked;
    if (!place || gone) { line.group?.remove(); line.group = null; return; }
    if (!line.group) {
      line.group = make("g");
      line.group.setAttribute("class", "risk-moving");
      const box = make("rect");
      box.setAttribute("class", line.colour || "risk-area risk-none");
      const text = make("text");
      text.setAttribute("text-anchor", "middle");
      line.group.append(box, text);
      line.group.addEventListener("pointerdown", (event) => take(event, line));
      sheet.append(line.group);
    }
    const [box, text] = line.group.children;
    for (const name of ["x", "y", "width", "height"]) box.setAttribute(name, place[name] * square);
    box.classList.toggle("risk-outside", place.x + place.width > columns || place.y + place.height > rows);
    text.setAttribute("x", (place.x + place.width / 2) * square);
    text.setAttribute("y", (place.y + place.height / 2) * square + 8);
    const name = line.inputs.name.value.trim();
    const letter = parseFloat(getComputedStyle(text).fontSize) || 20;
    const room = Math.max(1, Math.floor((place.width * square - 12) / letter));
    text.textContent = name.length > room ? `${name.slice(0, Math.max(1, room - 1))}…` : name;
  }

  function take(event, line) {
    const start = read(line);
    if (!start) return;
    event.preventDefault();
    const scale = sheetWidth / sheet.getBoundingClientRect().width;
    const move = (now) => {
      const step = (from, to) => Math.round(((to - from) * scale) / square);
      const x = Math.min(Math.max(start.x + step(event.clientX, now.clientX), 0), columns - start.width);
      const y = Math.min(Math.max(start.y + step(event.clientY, now.clientY), 0), rows - start.height);
      line.inputs.x.value = Math.max(x, 0);
      line.inputs.y.value = Math.max(y, 0);
      draw(line);
    };
    const drop = () => { window.removeEventListener("pointermove", move); window.removeEventListener("pointerup", drop); };
    window.addEventListener("pointermove", move);
    window.addEventListener("pointerup", drop);
  }

  // A new area that got a name and no place is put where there is room.
  function settle(line) {
    if (!line.inputs.name.value.trim() || ["x", "y", "width", "height"].some((name) => line.inputs[name].value !== "")) return;
    const taken = lines.filter((other) => other !== line && !other.inputs.remove?.checked).map(read).filter(Boolean);
    for (let y = 0; y + NEW.height <= rows; y += NEW.height) {
      for (let x = 0; x + NEW.width <= columns; x += NEW.width) {
        const free = taken.every((one) => x >= one.x + one.width || one.x >= x + NEW.width || y >= one.y + one.height || one.y >= y + NEW.height);
        if (!free) continue;
        const place = { x, y, ...NEW };
        for (const name of Object.keys(place)) line.inputs[name].value = place[name];
        return;
      }
    }
  }

  let placed = 0;
  for (const line of lines) {
    line.fresh = !line.inputs.name.value;
    if (read(line) && placed < colours.length) line.colour = colours[placed++];
    draw(line);
    for (const input of Object.values(line.inputs)) input.addEventListener("input", () => draw(line));
    if (line.fresh) line.inputs.name.addEventListener("change", () => { settle(line); draw(line); });
  }
})();
