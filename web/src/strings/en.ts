/** Every text of the console, in one place for translation. Functions take what is put into a sentence. */
import { common } from "./common";
import { events } from "./events";
import { iam } from "./iam";
import { s3 } from "./s3";
import { shell } from "./shell";

export const t = { ...common, ...shell, iam, s3, events } as const;
