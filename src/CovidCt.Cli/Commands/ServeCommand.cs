using System.CommandLine;
using CovidCt.Cli.Output;
using CovidCt.Cli.Service;
using CovidCt.Serving;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct serve</c>: trained networks behind HTTP, with a page.</summary>
internal static class ServeCommand
{
    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var run = new Option<string[]>("--run")
        {
            Description = $"{TrainedModel.Help} Several, each as NAME=PATH, are served below their names.",
            HelpName = "[NAME=]PATH",
        };
        var urls = SharedOptions.Text(
            "--urls", "URL", $"Where to listen; several with semicolons between them. [default: {WebService.UsualUrl}]");
        var queue = SharedOptions.Number<QueueOptions, int>(
            "--queue", nameof(QueueOptions.Length), "N", "How many requests may wait for a network. [default: 64]");
        var command = new Command("serve", "Answers by HTTP, with a page to try it with. Not a diagnosis.")
        {
            run, urls, queue, SharedOptions.Json(),
        };
        command.SetAction((parsed, _) =>
        {
            var models = ServedModel.Of(parsed.GetValue(run) ?? []);
            var addresses = WebService.Checked(parsed.GetValue(urls) ?? WebService.UsualUrl);
            foreach (var model in models)
            {
                TrainedModel.WarnOf(console, model.Path);
            }

            return WebService.Run(console, models, addresses, parsed.GetValue(queue), cancellationToken);
        });
        return command;
    }
}
