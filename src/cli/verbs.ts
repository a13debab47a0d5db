import type { Command } from 'commander';
import type { Invocation } from './program.ts';
import { addAnswer } from './verbs/answer.ts';
import { addApprove } from './verbs/approve.ts';
import { addArchive, addUnarchive } from './verbs/archive.ts';
import { addAttach } from './verbs/attach.ts';
import { addBlocks } from './verbs/blocks.ts';
import { addBudget } from './verbs/budget.ts';
import { addCancel } from './verbs/cancel.ts';
import { addCompletion } from './verbs/completion.ts';
import { addDemo } from './verbs/demo.ts';
import { addDeny } from './verbs/deny.ts';
import { addDiff } from './verbs/diff.ts';
import { addDoctor } from './verbs/doctor.ts';
import { addExport } from './verbs/export.ts';
import { addFiles } from './verbs/files.ts';
import { addFinish } from './verbs/finish.ts';
import { addInterrupt } from './verbs/interrupt.ts';
import { addLaunch } from './verbs/launch.ts';
import { addLogs } from './verbs/logs.ts';
import { addModel } from './verbs/model.ts';
import { addModels } from './verbs/models.ts';
import { addPage } from './verbs/page.ts';
import { addPause } from './verbs/pause.ts';
import { addPs } from './verbs/ps.ts';
import { addQueue } from './verbs/queue.ts';
import { addRequests } from './verbs/requests.ts';
import { addResume } from './verbs/resume.ts';
import { addRetry } from './verbs/retry.ts';
import { addRm } from './verbs/rm.ts';
import { addRun } from './verbs/run.ts';
import { addSchedules } from './verbs/schedules.ts';
import { addScriptedModel } from './verbs/scripted-model.ts';
import { addSearch } from './verbs/search.ts';
import { addSeed } from './verbs/seed.ts';
import { addSend } from './verbs/send.ts';
import { addServe } from './verbs/serve.ts';
import { addShow } from './verbs/show.ts';
import { addStop } from './verbs/stop.ts';
import { addTask } from './verbs/task.ts';
import { addTasks } from './verbs/tasks.ts';
import { addToken } from './verbs/token.ts';
import { addWait } from './verbs/wait.ts';

type Add = (program: Command, invocation: Invocation) => void;

/** Every verb of the command line, under the heading that the help shows it by. */
const VERBS: Readonly<Record<string, readonly Add[]>> = {
  'Runs:': [
    addRun,
    addAttach,
    addPs,
    addSearch,
    addShow,
    addLogs,
    addWait,
    addSend,
    addQueue,
    addInterrupt,
    addPause,
    addResume,
    addFinish,
    addCancel,
    addRetry,
    addArchive,
    addUnarchive,
    addRm,
    addExport,
    addFiles,
    addDiff,
    addModel,
    addBudget,
  ],
  'Requests:': [addRequests, addApprove, addDeny, addAnswer],
  'Tasks:': [addTasks, addTask, addLaunch, addSchedules, addBlocks],
  'Server and machine:': [
    addServe,
    addStop,
    addModels,
    addPage,
    addToken,
    addSeed,
    addDoctor,
    addDemo,
    addScriptedModel,
    addCompletion,
  ],
};

export function addVerbs(program: Command, invocation: Invocation): void {
  for (const [heading, verbs] of Object.entries(VERBS)) {
    program.commandsGroup(heading);
    for (const add of verbs) add(program, invocation);
  }
}
