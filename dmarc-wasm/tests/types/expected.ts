// What a case may expect of a view: any part of it. A key or value that the types do not know is an error.

type Part<T> = T extends readonly (infer Item)[]
  // Tuples, such as spans, are given whole.
  ? number extends T["length"] ? Part<Item>[] : T
  : T extends object ? { [Key in keyof T]?: Part<T[Key]> } : T;

export type Expected<T> = T extends unknown ? Part<T> : never;
