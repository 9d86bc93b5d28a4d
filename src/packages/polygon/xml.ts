/** XML as a small tree: bounded, without document types, so that no entity can grow. */
import { SaxesParser } from "saxes";
import { PolygonError } from "./errors.ts";

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Of this element alone, trimmed. */
  readonly text: string;
  readonly line: number;
}

interface Building {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Building[];
  text: string;
  readonly line: number;
}

export const XML_BYTES_MAX = 4 * 1024 * 1024;
const DEPTH_MAX = 32;
const ELEMENTS_MAX = 100_000;

/** @throws PolygonError with file and line. */
export function parseXml(text: string, file: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false, position: true, fileName: file });
  const stack: Building[] = [];
  let root: Building | undefined;
  let elements = 0;
  const refuse = (message: string): never => {
    throw new PolygonError("DIKAST_POLYGON_BAD_XML", message, { file, line: parser.line });
  };
  parser.on("error", (error) => refuse(`not valid XML: ${error.message.replace(/^.*?:\d+:\d+: /, "")}`));
  parser.on("doctype", () => refuse("document types are not accepted"));
  parser.on("opentag", (tag) => {
    elements += 1;
    if (elements > ELEMENTS_MAX || stack.length >= DEPTH_MAX) refuse("too many or too deeply nested elements");
    const element: Building = {
      name: tag.name,
      attributes: { ...tag.attributes },
      children: [],
      text: "",
      line: parser.line,
    };
    stack.at(-1)?.children.push(element);
    root ??= element;
    stack.push(element);
  });
  parser.on("text", (piece) => {
    const element = stack.at(-1);
    if (element !== undefined) element.text += piece;
  });
  parser.on("closetag", () => {
    const element = stack.pop();
    if (element !== undefined) element.text = element.text.trim();
  });
  parser.write(text).close();
  return root ?? refuse("is empty");
}

/** The element at a path of names, or undefined. */
export function child(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>((at, name) => at?.children.find((each) => each.name === name), element);
}

/** Elements of this name at a path. */
export function children(element: XmlElement | undefined, ...path: readonly string[]): readonly XmlElement[] {
  const parent = child(element, ...path.slice(0, -1));
  return parent?.children.filter((each) => each.name === path.at(-1)) ?? [];
}
