/** Ids are plain texts to a client: it hands back what it was given, and the server checks it. Words of a list stay what they are. */
export type Plain<Value> = Value extends string
  ? PlainText<Value>
  : Value extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : Value extends object
      ? { readonly [Field in keyof Value]: Plain<Value[Field]> }
      : Value;

/** A word begins with a letter that is known; of an id only the kind is. */
type PlainText<Text extends string> = Text extends `${infer _First}${string}` ? Text : string;
