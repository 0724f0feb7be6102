using CovidCt.Cli;
ThreadWaiting.SleepSoon();
return ProcessEnd.With(CommandLine.Run(args));
