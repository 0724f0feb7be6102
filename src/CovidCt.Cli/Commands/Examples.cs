using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace CovidCt.Cli.Commands;

/// <summary>A line to begin with for each command, which its help ends with.</summary>
internal static class Examples
{
    private static readonly Dictionary<string, string> Lines = new()
    {
        [""] = "covidct reproduce --data covid19-ct --backbones resnet18 --weights imagenet --group-by patient --out out/first",
        ["reproduce"] = "covidct reproduce --data covid19-ct --backbones resnet18 --weights imagenet --group-by patient --out out/first",
        ["search"] = "covidct search --recipes paper steady-head ./mine.json --data covid19-ct --weights imagenet --out out/search",
        ["prepare"] = "covidct prepare --data covid19-ct --backbones all --weights imagenet --group-by patient --out out/first",
        ["train"] = "covidct train --study out/first --shard 0/60",
        ["finish"] = "covidct finish --study out/first",
        ["status"] = "covidct status --study out/first",
        ["audit"] = "covidct audit --data covid19-ct --group-by patient --out audit.json",
        ["controls"] = "covidct controls --data covid19-ct --weights imagenet --fold-draws 3",
        ["evaluate"] = "covidct evaluate model-a.csv model-b.csv --groups sex --out out/judged",
        ["test"] = "covidct test --run out/first/runs/resnet18 --data our-hospital --out out/tested",
        ["report"] = "covidct report --runs out/first --compare out/second",
        ["predict"] = "covidct predict --run out/first/runs/resnet18 slice-1.png slice-2.png",
        ["ensemble"] = "covidct ensemble --run out/first/runs/resnet18 --out resnet18.safetensors",
        ["export"] = "covidct export --run out/first/runs/resnet18 --out resnet18.onnx",
        ["explain"] = "covidct explain --run out/first/runs/resnet18/fold-0 slice-1.png --method layer-cam --out maps",
        ["embed"] = "covidct embed --run out/first/runs/resnet18/fold-0 --perplexity 20",
        ["serve"] = "covidct serve --run out/first/runs/resnet18 --urls http://127.0.0.1:5080",
        ["models"] = "covidct models --json",
        ["weights"] = "covidct weights list",
        ["weights list"] = "covidct weights list --json",
        ["weights fetch"] = "covidct weights fetch resnet18 densenet121",
        ["weights inspect"] = "covidct weights inspect resnet18.pth --backbone resnet18 --entries",
        ["weights convert"] = "covidct weights convert resnet18.pth resnet18.safetensors",
        ["doctor"] = "covidct doctor",
        ["completion"] = "covidct completion bash",
    };

    /// <summary>The example of a command.</summary>
    /// <param name="path">Its name, after those of the commands that it belongs to; empty for the program.</param>
    public static string Of(string path) => Lines[path];

    /// <summary>Has the help of all commands end with their examples.</summary>
    public static void AddTo(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new Help((HelpAction)help.Action!);
    }

    private sealed class Help(HelpAction standard) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            var code = standard.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output.WriteLine(
                $"Example:{Environment.NewLine}  {Of(CommandLine.PathOf(parseResult.CommandResult).TrimEnd())}{Environment.NewLine}");
            return code;
        }
    }
}
