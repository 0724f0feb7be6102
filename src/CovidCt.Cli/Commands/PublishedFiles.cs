using CovidCt.Cli.Output;
using CovidCt.Models;
using CovidCt.Networks;
using CovidCt.Weights;

namespace CovidCt.Cli.Commands;

/// <summary>The published weights, where <c>--weights</c> asks for them by a word instead of a path.</summary>
internal static class PublishedFiles
{
    /// <summary>A folder or file of that name is given as <c>./imagenet</c>.</summary>
    public const string Word = "imagenet";

    /// <summary>The folder that <c>--weights</c> asks for; null where nothing was given.</summary>
    /// <exception cref="UsageException">It isn't there.</exception>
    public static string? FolderOf(
        string? given, ConsoleOutput console, IEnumerable<string> networks, CancellationToken cancellationToken)
    {
        var folder = given is Word ? Folder(console, networks, cancellationToken) : given;
        return folder is null || Directory.Exists(folder)
            ? folder
            : throw new UsageException(
                $"--weights {folder} isn't there; give a folder with NAME*.safetensors or NAME*.pth files, or the word {Word}.");
    }

    /// <summary>The store's folder, with the default weights of every network in it.</summary>
    public static string Folder(ConsoleOutput console, IEnumerable<string> networks, CancellationToken cancellationToken)
    {
        using var store = new WeightsStore();
        DownloadDisplay.Fetch(console, store, [.. networks.Select(DefaultOf)], cancellationToken);
        return store.Folder;
    }

    /// <summary>The default weights of a network, in the store.</summary>
    public static string File(ConsoleOutput console, string network, CancellationToken cancellationToken)
    {
        using var store = new WeightsStore();
        return DownloadDisplay.Fetch(console, store, [DefaultOf(network)], cancellationToken)[0];
    }

    // The factory's error lists the networks that there are.
    private static PublishedWeights DefaultOf(string network) => PublishedWeights.Default(new BackboneFactory().Spec(network).Name);
}
