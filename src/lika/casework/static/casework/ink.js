// Signing on the screen: what a finger, pen or mouse draws goes with the form as a PNG.
"use strict";
document.querySelectorAll("canvas[data-ink]").forEach((canvas) => {
  const form = canvas.closest("form"), field = form.elements.namedItem("drawing"), pen = canvas.getContext("2d");
  let last = null, drawn = false;
  canvas.style.touchAction = "none"; // a finger draws here and does not scroll
  pen.lineWidth = 4;
  pen.lineCap = "round";
  pen.strokeStyle = "#000";
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = at(event);
    event.preventDefault();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...next);
    pen.stroke();
    last = next;
    drawn = true;
  });
  ["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => { last = null; }));
  form.querySelector("[data-ink-clear]").addEventListener("click", () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    drawn = false;
  });
  if (field.value) { // refused for something else: what was drawn is not lost
    const before = new Image();
    before.addEventListener("load", () => {
      pen.drawImage(before, 0, 0);
      drawn = true;
    });
    before.src = field.value;
  }
  form.addEventListener("submit", () => { field.value = drawn ? canvas.toDataURL("image/png") : ""; });
});
