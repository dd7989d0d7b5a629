// Small behaviours of every page, asked for by data attributes: no script stands in the pages themselves.
"use strict";

(function () {
  // data-submit-on-change: a filter form is sent when a choice is made.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });

  // data-fill-username/-password: the demonstration's accounts fill the sign-in form.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-fill-username]");
    if (!button) return;
    const form = document.querySelector("form[data-sign-in]");
    form.elements["login"].value = button.dataset.fillUsername;
    form.elements["password"].value = button.dataset.fillPassword;
    form.requestSubmit();
  });

  // data-open: a link to a folded part unfolds it.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-open]");
    const target = link && document.getElementById(link.dataset.open);
    if (target) target.open = true;
  });

  // data-print: print this page.
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
