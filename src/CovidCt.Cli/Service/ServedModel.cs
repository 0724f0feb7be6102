using System.Text.RegularExpressions;

namespace CovidCt.Cli.Service;

/// <summary>What <c>--run</c> of <c>covidct serve</c> names.</summary>
/// <param name="Name">The name that it is served below; empty for an only one that has none.</param>
/// <param name="Path">Where the model lies.</param>
internal sealed partial record ServedModel(string Name, string Path)
{
    // Names that the service's own addresses begin with.
    private static readonly string[] Taken = ["explain", "health", "model", "openapi"];

    /// <summary>The models that are given.</summary>
    /// <exception cref="UsageException">There is none, one isn't there, or names are missing or there twice.</exception>
    public static IReadOnlyList<ServedModel> Of(string[] given)
    {
        ServedModel[] models = [.. given.Select(One)];
        if (models.Length == 0)
        {
            throw new UsageException("Give --run PATH, the network to serve.");
        }

        if (models.Length > 1 && models.FirstOrDefault(model => model.Name.Length == 0) is { } nameless)
        {
            throw new UsageException($"Of several networks each has a name: give --run NAME={nameless.Path}.");
        }

        return models.DistinctBy(model => model.Name, StringComparer.OrdinalIgnoreCase).Count() == models.Length
            ? models
            : throw new UsageException("--run gives two networks the same name; give each one of its own.");
    }

    private static ServedModel One(string given)
    {
        var named = Named().Match(given);
        var model = named.Success && !System.IO.Path.Exists(given)
            ? new ServedModel(named.Groups[1].Value, named.Groups[2].Value)
            : new ServedModel("", given);
        if (!System.IO.Path.Exists(model.Path))
        {
            throw new UsageException($"--run {model.Path} isn't there. Give the folder or the file of a trained network.");
        }

        return Taken.Contains(model.Name, StringComparer.OrdinalIgnoreCase)
            ? throw new UsageException($"--run: the name {model.Name} is the service's own; give another one.")
            : model;
    }

    [GeneratedRegex("^([A-Za-z0-9][A-Za-z0-9-]*)=(.+)$")]
    private static partial Regex Named();
}
