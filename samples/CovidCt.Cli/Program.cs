using CovidCt.Cli;

ThreadWaiting.Sleep();
return CommandLine.Run(args);
