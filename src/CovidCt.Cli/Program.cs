using CovidCt.Cli;
ThreadWaiting.SleepSoon();
return ProcessEnd.With(CommandLine.Run(args, Console.Out, Console.Error, isTerminal: !Console.IsOutputRedirected));

// Said, so that nothing makes it public.
internal sealed partial class Program;
