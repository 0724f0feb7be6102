using CovidCt.Cli;

return CommandLine.Run(args);
