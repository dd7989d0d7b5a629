// The household's page: what was shown in full for a reason is taken off the screen again: <… data-expires="SECONDS">.
"use strict";

(function () {
  function watch(root) {
    root.querySelectorAll("[data-expires]").forEach((part) => {
      window.setTimeout(() => part.remove(), 1000 * Number(part.dataset.expires));
    });
  }
  watch(document);
  document.addEventListener("htmx:afterSwap", (event) => watch(event.detail.elt));
})();
