// Which part of a page with tabs is open, said to who listens. Opening one is the link itself and the sheet of styles.
"use strict";
{
  const enlaces = [...document.querySelectorAll("[data-partes] a")];
  const decir = () => {
    const apuntada = document.querySelector(".parte:target, .parte:has(:target)") ?? document.querySelector(".parte[data-abierta]") ?? document.querySelector(".parte");
    for (const enlace of enlaces) {
      if (enlace.hash === `#${apuntada?.id}`) enlace.setAttribute("aria-current", "true");
      else enlace.removeAttribute("aria-current");
    }
  };
  window.addEventListener("hashchange", decir);
  decir();
}
