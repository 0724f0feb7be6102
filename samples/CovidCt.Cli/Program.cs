using CovidCt.Cli;

ThreadWaiting.SleepSoon();
return CommandLine.Run(args);
