// Where the tablet of a visit keeps what it keeps, for its pages, its worker and the page of its code.
"use strict";
const Base = (() => {
  function abrir() {
    return new Promise((bien, mal) => {
      const pedido = indexedDB.open("visita", 2);
      pedido.onupgradeneeded = ({ oldVersion }) => {
        if (oldVersion < 1) {
          pedido.result.createObjectStore("borrador", { keyPath: "item" });
          pedido.result.createObjectStore("cola", { keyPath: "llave" });
          pedido.result.createObjectStore("recibo", { keyPath: "llave" });
        }
        pedido.result.createObjectStore("equipo", { keyPath: "quien" }); // for each person, how what is theirs is opened
      };
      pedido.onsuccess = () => bien(pedido.result);
      pedido.onerror = () => mal(pedido.error);
    });
  }

  // One transaction over these stores: all of it, on the disk, or nothing.
  async function guardar(almacenes, trabajo, modo = "readwrite") {
    const base = await abrir();
    try {
      return await new Promise((bien, mal) => {
        const tx = base.transaction(almacenes, modo, { durability: "strict" });
        const pedido = trabajo(...almacenes.map((nombre) => tx.objectStore(nombre)));
        tx.oncomplete = () => bien(pedido?.result);
        tx.onabort = () => mal(tx.error); // a full disk arrives here
      });
    } finally {
      base.close();
    }
  }
  const leer = (almacen, trabajo) => guardar([almacen], trabajo, "readonly");
  const todos = (almacen) => leer(almacen, (a) => a.getAll());

  // A page of the tablet: whose, in the address, since two people may have the same one.
  const CACHE = "visita";
  const sitio = (camino, quien) => `${camino}?quien=${encodeURIComponent(quien)}`;

  return { CACHE, sitio, guardar, leer, todos };
})();
