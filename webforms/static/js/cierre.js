// What a browser keeps of people is closed (AES-256-GCM): whoever has its disk, or opens it after the login, reads nothing. Used by pages
// and by the worker of the visit, so it touches no document.
"use strict";
const Cierre = (() => {
  const VUELTAS = 1_000_000; // of PBKDF2: what one guess at a code costs
  const letras = new TextEncoder();
  const deLetras = new TextDecoder();
  const alAzar = (n) => crypto.getRandomValues(new Uint8Array(n));
  const como = (iv, para) => ({ name: "AES-GCM", iv, additionalData: letras.encode(para) });
  const deBase64 = (texto) => Uint8Array.from(atob(texto), (letra) => letra.codePointAt(0));

  // `para`: where it lies and whose it is; in another place it does not open. Throws OperationError: another key, or somebody changed it.
  async function cerrar(llave, dato, para) {
    const iv = alAzar(12);
    return { iv, cerrado: await crypto.subtle.encrypt(como(iv, para), llave, dato) };
  }
  const abrir = (llave, { iv, cerrado }, para) => crypto.subtle.decrypt(como(iv, para), llave, cerrado);

  const cerrarDicho = (llave, dicho, para) => cerrar(llave, letras.encode(JSON.stringify(dicho)), para);
  const abrirDicho = async (llave, que, para) => JSON.parse(deLetras.decode(await abrir(llave, que, para)));

  // As one string, for places that hold nothing else.
  async function enTexto(llave, dicho, para) {
    const { iv, cerrado } = await cerrarDicho(llave, dicho, para);
    return btoa(Array.from([...iv, ...new Uint8Array(cerrado)], (octeto) => String.fromCodePoint(octeto)).join(""));
  }
  function deTexto(llave, texto, para) {
    const todo = deBase64(texto);
    return abrirDicho(llave, { iv: todo.slice(0, 12), cerrado: todo.slice(12) }, para);
  }

  const deServidor = (texto, usos) => crypto.subtle.importKey("raw", deBase64(texto), "AES-GCM", false, usos);

  async function deCodigo(codigo, sal, vueltas) {
    const dicho = await crypto.subtle.importKey("raw", letras.encode(codigo.normalize("NFC").trim()), "PBKDF2", false, ["deriveKey"]);
    const asi = { name: "PBKDF2", hash: "SHA-256", salt: sal, iterations: vueltas };
    return crypto.subtle.deriveKey(asi, dicho, { name: "AES-GCM", length: 256 }, false, ["wrapKey", "unwrapKey"]);
  }

  // The key of what lies here, which itself lies here only closed: by one that the server gives to a login, and by the code of the device.
  const nueva = () => crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  async function envolver(llave, con, para) {
    const iv = alAzar(12);
    return { iv, cerrado: await crypto.subtle.wrapKey("raw", llave, con, como(iv, para)) };
  }
  const desenvolver = ({ iv, cerrado }, con, para, sale = false) =>
    crypto.subtle.unwrapKey("raw", cerrado, con, como(iv, para), "AES-GCM", sale, ["encrypt", "decrypt"]);

  async function envolverConCodigo(llave, codigo, para) {
    const sal = alAzar(16);
    return { ...(await envolver(llave, await deCodigo(codigo, sal, VUELTAS), para)), sal, vueltas: VUELTAS };
  }
  const desenvolverConCodigo = async (que, codigo, para, sale = false) => desenvolver(que, await deCodigo(codigo, que.sal, que.vueltas), para, sale);

  return { cerrar, abrir, cerrarDicho, abrirDicho, enTexto, deTexto, deServidor, nueva, envolver, desenvolver, envolverConCodigo, desenvolverConCodigo };
})();
