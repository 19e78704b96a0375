// Two nodes on one Redis: one of them is killed, and is seen to go.
import { close, open } from './browser.mjs';

const page = await open('#/live');
const rows = page.getByRole('table', { name: 'Nodes' }).getByRole('row');
const serving = rows.filter({ has: page.getByText('serving', { exact: true }) });
await serving.nth(1).waitFor();
process.kill(Number(process.env.SECOND), 'SIGKILL');
await rows.filter({ has: page.getByText('gone', { exact: true }) }).waitFor({ timeout: 60_000 });
await page.getByText(/^Gone: [0-9a-f]{8}/).waitFor();
await close(page);
