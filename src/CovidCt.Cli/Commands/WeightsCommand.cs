using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CovidCt.Cli.Output;
using CovidCt.Imaging;
using CovidCt.Models;
using CovidCt.Models.Weights;
using CovidCt.Networks;
using CovidCt.Reporting.Tables;
using CovidCt.Weights;

namespace CovidCt.Cli.Commands;

/// <summary><c>covidct weights</c>: what is published, what is at hand, and what a file holds.</summary>
internal static class WeightsCommand
{
    private const string All = "all";

    private static BackboneFactory Backbones => new(); // Not before it is asked: it loads libtorch.

    public static Command Create(ConsoleOutput console, CancellationToken cancellationToken) =>
        new("weights", "ImageNet weights: the published ones, the store of this machine, and files.")
    {
        List(console),
        Fetch(console, cancellationToken),
        Inspect(console, cancellationToken),
        Convert(console, cancellationToken),
    };

    private static Command List(ConsoleOutput console)
    {
        var command = new Command(
            "list", "The published weights of every network, and which of them are in the store.") { SharedOptions.Json() };
        command.SetAction(_ =>
        {
            using var store = new WeightsStore();
            if (console.IsJson)
            {
                console.Json(new JsonObject
                {
                    ["store"] = store.Folder,
                    ["weights"] = new JsonArray([.. PublishedWeights.All.Select(weights => Json(store, weights))]),
                });
                return ExitCodes.Done;
            }

            console.Table(new TableData(
                ["Weights", "File", "MiB", "Top-1 %", "Top-5 %", "At", "Licence", "In the store"],
                [.. PublishedWeights.All.Select(weights => (IReadOnlyList<string>)
                    [
                        NameOf(weights), weights.FileName, Text(
                            $"{weights.Mebibytes:0.0}"), Text($"{weights.Top1:0.0}"), Text($"{weights.Top5:0.0}"),
                        $"{weights.EvaluatedAt}", weights.License, File.Exists(store.PathOf(weights)) ? "yes" : "no",
                    ])]));
            console.Line($"The store is {store.Folder}{(store.IsOffline ? ", and offline" : "")}. `covidct weights fetch NAME` brings a "
                + "file there;");
            console.Line("without network, put it there yourself: `covidct weights list --json` has the addresses.");
            console.Line("Top-1 and Top-5: published accuracies on ImageNet at the input size beside them. The weights were trained on");
            console.Line(
                "ImageNet, whose terms of access are non-commercial; whether you may use them for your purpose is for you to find out.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Fetch(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var names = new Argument<string[]>(
            "NAME")
        {
            Description = "Networks, such as resnet50, or resnet50/imagenet1k_v2 for other than the default; or all.",
            Arity = ArgumentArity.OneOrMore
        };
        var command = new Command(
            "fetch", "Downloads published weights into the store, and verifies them.") { names, SharedOptions.Json() };
        command.SetAction(parsed =>
        {
            var wanted = parsed.GetValue(names)!.SelectMany(Named).Distinct().ToList();
            using var store = new WeightsStore();
            var paths = DownloadDisplay.Fetch(console, store, wanted, cancellationToken);
            if (console.IsJson)
            {
                console.Json(new JsonObject
                {
                    ["files"] = new JsonArray(
                        [.. wanted.Zip(paths, (weights, path) => new JsonObject { ["weights"] = NameOf(weights), ["path"] = path })]),
                });
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Inspect(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var file = new Argument<string>("FILE") { Description = "A safetensors or PyTorch file." };
        var backbone = SharedOptions.Networks("--backbone", "NAME", "Say how it goes with this network. [default: the one that it fits]");
        var entries = new Option<bool>("--entries") { Description = "List every tensor." };
        var command = new Command(
            "inspect",
            "Says what a file holds, and whose weights they are. Nothing in it is run.") { file, backbone, entries, SharedOptions.Json() };
        command.SetAction(parsed =>
        {
            var path = parsed.GetValue(file)!;
            using var opened = TensorFile.Open(path);
            var match = parsed.GetValue(backbone) is { } name
                ? BackboneWeights.Inspect(Backbones, name, path)
                : BackboneWeights.Identify(Backbones, path);
            var hash = Hash(path, cancellationToken);
            var published = PublishedWeights.All.FirstOrDefault(weights => weights.HasHash(hash));
            if (console.IsJson)
            {
                console.Json(Json(opened, match, hash, published));
            }
            else
            {
                Print(console, opened, match, hash, published, parsed.GetValue(entries));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Convert(ConsoleOutput console, CancellationToken cancellationToken)
    {
        var source = new Argument<string>("IN") { Description = "A safetensors or PyTorch file." };
        var target = new Argument<string>("OUT") { Description = "The file to write: NAME.safetensors, NAME.pth or NAME.pt." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace OUT if it is there." };
        var command = new Command(
            "convert",
            "Writes a file's tensors in another format, under the names that torchvision and timm have today.") { source, target, overwrite,
            SharedOptions.Json() };
        command.SetAction(parsed =>
        {
            var (from, to) = (parsed.GetValue(source)!, parsed.GetValue(target)!);
            if (Path.GetExtension(to).ToLowerInvariant() is not (".safetensors" or ".pth" or ".pt"))
            {
                throw new UsageException($"OUT is '{to}'; give a name that ends in .safetensors, .pth or .pt, which decides the format.");
            }

            if (Path.Exists(to) && !parsed.GetValue(overwrite))
            {
                throw new UsageException($"{to} is there already. Give another name, or --overwrite.");
            }

            var match = BackboneWeights.Convert(Backbones, from, to, cancellationToken);
            if (console.IsJson)
            {
                console.Json(new JsonObject { ["path"] = to, ["match"] = match is null ? null : Json(match) });
                return ExitCodes.Done;
            }

            console.Line(match is null ? $"{from} goes with no network here: its tensors keep their names." : Describe(match));
            console.Line($"{to}: written, {new FileInfo(to).Length.ToString("N0", CultureInfo.InvariantCulture)} bytes.");
            return ExitCodes.Done;
        });
        return command;
    }

    private static IEnumerable<PublishedWeights> Named(string name)
    {
        if (name == All)
        {
            return PublishedWeights.All.Where(weights => weights.IsDefault && BackboneSpec.Find(weights.Network) is { IsVariant: false });
        }

        if (!name.Contains('/', StringComparison.Ordinal))
        {
            return [PublishedWeights.Default(name)];
        }

        return PublishedWeights.All.FirstOrDefault(weights => NameOf(weights) == name) is { } found
            ? [found]
            : throw new UsageException(
                $"There are no weights '{name}'. There are: {string.Join(", ", PublishedWeights.All.Select(NameOf))}.");
    }

    private static string NameOf(PublishedWeights weights) => $"{weights.Network}/{weights.Id}";

    private static string Hash(string path, CancellationToken cancellationToken)
    {
        using var stream = File.OpenRead(path);
        return System.Convert.ToHexStringLower(SHA256.HashDataAsync(stream, cancellationToken).AsTask().GetAwaiter().GetResult());
    }

    private static void Print(
        ConsoleOutput console, TensorFile file, WeightsMatch? match, string hash, PublishedWeights? published, bool entries)
    {
        var numbers = file.Entries.Sum(entry => entry.Elements);
        var types = file.Entries.GroupBy(entry => entry.StoredAs).Select(group => $"{group.Count()} {group.Key}");
        console.Line($"{file.Path}");
        console.Line(Text($"  format     {FormatName(file.Format)}"));
        var under = file.Container is { } container ? $", under '{container}'" : "";
        console.Line(Text($"  tensors    {file.Entries.Count} ({string.Join(", ", types)}), {numbers:N0} numbers{under}"));
        console.Line($"  sha256     {hash}");
        foreach (var (key, value) in file.Metadata)
        {
            console.Line($"  metadata   {Shown(key)}: {Shown(value)}");
        }

        console.Line($"  network    {(match is null ? "none of those here" : Text($"{match.Network}, {match.FileClasses} classes"))}");
        if (match is not null)
        {
            foreach (var line in Lists(match))
            {
                console.Line($"  {line}");
            }

            console.Line($"  input      {Expected(match.Network)}");
        }

        console.Line($"  published  {(published is null ? "not a file of the catalogue" : $"{NameOf(published)}, {published.Address}")}");
        if (entries)
        {
            console.Table(new TableData(["Tensor", "Type", "Shape"], [.. file.Entries.Select(entry => (IReadOnlyList<string>)
                [Shown(entry.Name), entry.StoredAs, $"[{string.Join(", ", entry.Shape)}]"])]));
        }
    }

    private static IEnumerable<string> Lists(WeightsMatch match)
    {
        if (match.Renamed.Count > 0)
        {
            yield return Text($"renamed    {match.Renamed.Count}, such as {match.Renamed[0].From} to {match.Renamed[0].To}");
        }

        if (match.Fresh.Count > 0)
        {
            yield return Text($"missing    {match.Fresh.Count}, which begin anew, such as {match.Fresh[0]}");
        }
    }

    private static string Describe(WeightsMatch match)
    {
        var lists = string.Concat(
            Lists(match).Select(line => $"; {string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))}"));
        return Text($"{match.Network} with {match.FileClasses} classes{lists}.");
    }

    private static string Expected(string network) => BackboneSpec.Find(network)!.Normalisation == ChannelNormalisation.Symmetric
        ? "as published, values from -1 to 1"
        : "as published, ImageNet's means and deviations";

    private static string Shown(string text)
    {
        var line = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
        return line.Length <= 200 ? line : $"{line[..200]}…";
    }

    private static string FormatName(TensorFormat format) => format switch
    {
        TensorFormat.PyTorch => "PyTorch, zip archive",
        TensorFormat.PyTorchLegacy => "PyTorch before 1.6",
        _ => "safetensors",
    };

    private static JsonObject Json(WeightsStore store, PublishedWeights weights) => new()
    {
        ["name"] = NameOf(weights),
        ["network"] = weights.Network,
        ["default"] = weights.IsDefault,
        ["address"] = weights.Address.ToString(),
        ["sha256"] = weights.Sha256,
        ["bytes"] = weights.Size,
        ["mebibytes"] = weights.Mebibytes,
        ["license"] = weights.License,
        ["source"] = weights.Source.ToString(),
        ["top1"] = weights.Top1,
        ["top5"] = weights.Top5,
        ["evaluatedAt"] = Json(weights.EvaluatedAt),
        ["canvas"] = Json(weights.Canvas),
        ["mean"] = new JsonArray([.. weights.Normalisation.Mean.Select(value => JsonValue.Create(value))]),
        ["deviation"] = new JsonArray([.. weights.Normalisation.Deviation.Select(value => JsonValue.Create(value))]),
        ["path"] = store.PathOf(weights),
        ["present"] = File.Exists(store.PathOf(weights)),
    };

    private static JsonObject Json(TensorFile file, WeightsMatch? match, string hash, PublishedWeights? published) => new()
    {
        ["path"] = file.Path,
        ["format"] = FormatName(file.Format),
        ["container"] = file.Container,
        ["sha256"] = hash,
        ["metadata"] = new JsonObject(file.Metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["match"] = match is null ? null : Json(match),
        ["published"] = published is null ? null : NameOf(published),
        ["tensors"] = new JsonArray([.. file.Entries.Select(entry => new JsonObject
        {
            ["name"] = entry.Name,
            ["type"] = entry.StoredAs,
            ["shape"] = new JsonArray([.. entry.Shape.Select(size => JsonValue.Create(size))]),
        })]),
    };

    private static JsonObject Json(WeightsMatch match) => new()
    {
        ["network"] = match.Network,
        ["classes"] = match.FileClasses,
        ["loaded"] = match.Loaded,
        ["renamed"] = new JsonObject(match.Renamed.Select(entry => KeyValuePair.Create(entry.From, (JsonNode?)entry.To))),
        ["skipped"] = new JsonArray([.. match.Skipped.Select(name => JsonValue.Create(name))]),
        ["fresh"] = new JsonArray([.. match.Fresh.Select(name => JsonValue.Create(name))]),
    };

    private static JsonObject Json(ImageSize size) => new() { ["width"] = size.Width, ["height"] = size.Height };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
