export function startErp(options?: {
  port?: number;
  today?: () => Date;
}): Promise<{ url: string; close: () => Promise<void> }>;
