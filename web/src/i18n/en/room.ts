// Texts of the room's screens alone: the page for the field does not carry them.
import { comms } from "./comms";
import { day } from "./day";
import { drill } from "./drill";
import { orders } from "./orders";

export const roomTexts = { ...comms, ...day, ...drill, ...orders };
