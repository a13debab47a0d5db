import { useCaller } from '../design/caller.ts';
import { Problem } from '../design/problem.tsx';
import { useTitle } from '../frame/title.ts';
import { BrowserSettings } from './browser-settings.tsx';
import { DoctorReport } from './doctor-report.tsx';
import { ServerView } from './server-view.tsx';
import styles from './settings-page.module.css';
import { Tokens } from './tokens.tsx';

/** Who one is here, how this browser shows the page, who may come in, and how the machine of the server is. */
export function SettingsPage() {
  useTitle('Settings');
  const { server, isAdmin, mayAct } = useCaller();
  return (
    <div className={styles.page}>
      <h1>Settings</h1>
      <Problem error={server.problem} />
      <BrowserSettings />
      {isAdmin && <Tokens />}
      {mayAct && <DoctorReport />}
      {server.data && <ServerView server={server.data} isAdmin={isAdmin} />}
    </div>
  );
}
