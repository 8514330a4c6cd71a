// What became of the orders that a phone was told of. Pure.
import type { PhoneOwn } from "../../api/types";
import type { Kept } from "./shelf";

export type Order = PhoneOwn["orders"][number];

export const orderId = ({ at }: Order): string => `${at.device}/${at.epoch}/${at.seq}`;
/** Whether it was read, or acted on: as the node told it, or as this phone signed since. */
export const isAnswered = (order: Order, log: Kept[], acted: boolean): boolean =>
  (acted ? order.acted : order.read || order.acted) || log.some((one) => one.what.is === "order" && one.what.id === orderId(order) && (one.what.acted || !acted) && one.fate !== "refused");
