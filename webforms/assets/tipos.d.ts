// What the scripts of our pages are given by templates, browsers and each other. `tsc` reads it, no browser does.

declare module "*.css";

/** What a selector finds, by the tag in its last part; of one without a tag, some element of HTML. */
type Hallado<S extends string> = S extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[S]
  : S extends `${infer Uno}, ${infer Otro}` ? Hallado<Uno> | Hallado<Otro>
  : S extends `${string} ${infer Ultimo}` ? Hallado<Ultimo>
  : S extends `[name${string}` ? HTMLInputElement
  : S extends `${infer Tag}[${string}` ? Hallado<Tag>
  : S extends `${infer Tag}:${string}` ? Hallado<Tag>
  : S extends `${infer Tag}.${string}` ? Hallado<Tag>
  : S extends `${infer Tag}#${string}` ? Hallado<Tag>
  : HTMLElement;
interface ParentNode {
  querySelector<S extends string>(selector: S): Hallado<S>;
  querySelectorAll<S extends string>(selector: S): NodeListOf<Hallado<S>>;
}
interface Element {
  closest<S extends string>(selector: S): Hallado<S>;
}
/** Controls of a form, by their names. */
interface HTMLFormControlsCollection {
  [nombre: string]: any;
}
/** archivos.js: files that come from elsewhere than the person's choice. */
interface HTMLInputElement {
  recibir?(archivos: File[]): Promise<void>;
}
interface HTMLElement {
  modeler?: object;
  sinTraducir?: Set<string>;
}

/** A control of the panel of properties (bpmn/dom.js). */
interface DeCampo {
  etiqueta?: string;
  ayuda?: string;
  clave?: string;
  valor?: any;
  cambia?(valor: any): void;
  corta?: boolean;
  filas?: number;
  opciones?: string[][];
  sugerencias?: string[];
}

/** What a worker has and a page has not (visita-sw.js). */
interface ExtendableEvent extends Event {
  waitUntil(trabajo: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
  request: Request;
  respondWith(respuesta: Promise<Response>): void;
}
interface WindowEventMap {
  install: ExtendableEvent;
  activate: ExtendableEvent;
  fetch: FetchEvent;
}
interface MessageEvent {
  waitUntil?(trabajo: Promise<unknown>): void;
}
declare function skipWaiting(): Promise<void>;
declare const clients: { claim(): Promise<void> };
