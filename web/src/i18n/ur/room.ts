import type { roomTexts as english } from "../en/room";
import { comms } from "./comms";
import { day } from "./day";
import { drill } from "./drill";
import { orders } from "./orders";

export const roomTexts: Record<keyof typeof english, string> = { ...comms, ...day, ...drill, ...orders };
