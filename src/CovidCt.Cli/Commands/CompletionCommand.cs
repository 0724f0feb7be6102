using System.CommandLine;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct completion</c>: what makes a shell complete commands, options and their words.</summary>
internal static class CompletionCommand
{
    private static readonly Dictionary<string, string> Scripts = new()
    {
        ["bash"] = "covidct.bash",
        ["zsh"] = "covidct.zsh",
        ["pwsh"] = "covidct.ps1",
    };

    public static Command Create(ConsoleOutput console)
    {
        var shells = string.Join('|', Scripts.Keys);
        var shell = new Argument<string>(shells)
        {
            Description = "The shell.",
            CustomParser = result =>
            {
                var given = result.Tokens[0].Value;
                if (!Scripts.ContainsKey(given))
                {
                    result.AddError($"There is no completion for '{given}'; give one of {string.Join(", ", Scripts.Keys)}.");
                }

                return given;
            },
        };
        shell.CompletionSources.Add([.. Scripts.Keys]);
        var command = new Command(
            "completion", "Prints a script that makes a shell complete commands and options; its first lines say where it goes.")
        {
            shell,
            SharedOptions.Json(),
        };
        command.SetAction(parsed =>
        {
            var script = Script(parsed.GetValue(shell)!);
            if (console.IsJson)
            {
                console.Json(new JsonObject { ["script"] = script });
            }
            else
            {
                console.Line(script.TrimEnd('\n'));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string Script(string shell)
    {
        using var stream = typeof(CompletionCommand).Assembly.GetManifestResourceStream(Scripts[shell])!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
