using System.CommandLine;
using CovidCt.Cli.Output;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct search</c>: the study by each of several recipes, and the choice among them.</summary>
internal static class SearchCommand
{
    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var arguments = new StudyArguments(console, cancellationToken);
        var command = new Command(
            "search",
            "Chooses among recipes that were fixed beforehand: trains networks by each of them on the same folds, takes the simplest that "
                + "is within one standard error of the best, and says what a network so chosen comes to on new data, which the best of "
                + "several figures does not. prepare --recipes, train and finish do the same one after the other.");
        foreach (var option in arguments.OfSearch)
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed =>
        {
            if (arguments.Recipes(parsed) < 2)
            {
                throw new UsageException("Give --recipes with two or more of them, such as --recipes paper steady-head ./mine.json.");
            }

            return ReproduceCommand.Run(parsed, arguments, console, cancellationToken);
        });
        return command;
    }
}
