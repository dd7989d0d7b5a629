// The balance of a split while its numbers are typed: <form data-balance="5996"> with inputs [data-part] and places
// [data-left] (what is left to give; below zero: too much). The server counts again; without this file it does so alone.
"use strict";

(function () {
  function show(form) {
    const parts = Array.from(form.querySelectorAll("[data-part]"));
    const given = parts.reduce((sum, input) => sum + (parseInt(input.value, 10) || 0), 0);
    const left = parseInt(form.dataset.balance, 10) - given;
    for (const place of form.querySelectorAll("[data-left]")) {
      place.textContent = left.toLocaleString("en");
      place.classList.toggle("state-late", left !== 0);
      place.classList.toggle("state-done", left === 0);
    }
    for (const place of form.querySelectorAll("[data-given]")) place.textContent = given.toLocaleString("en");
  }

  for (const form of document.querySelectorAll("form[data-balance]")) {
    form.addEventListener("input", () => show(form));
    show(form);
  }
})();
