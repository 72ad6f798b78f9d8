// What a link has behind its # is handed over in a form: no address that is sent holds it, and the history neither.
"use strict";

const puerta = document.querySelector("form[data-puerta]");
const secreto = location.hash.slice(1);
if (secreto) {
  history.replaceState(history.state, "", location.pathname + location.search);
  puerta.elements.secreto.value = secreto;
  puerta.requestSubmit();
}
