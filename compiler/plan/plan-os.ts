/** The operating system of an image or machine, as inventories and guards name it. */
export interface PlanOs {
  /** `debian`, `ubuntu`, `arch`, `appliance`. */
  readonly id: string;
  readonly version: string | null;
  readonly codename: string | null;
}
