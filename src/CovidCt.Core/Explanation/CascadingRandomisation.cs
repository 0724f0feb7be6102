using CovidCt.Models;
using CovidCt.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace CovidCt.Explanation;

/// <summary>
/// A copy of a network whose layers lose what they learned one after the other, from the head down (Adebayo et al.,
/// "Sanity checks for saliency maps", NeurIPS 2018, section 3.1).
/// </summary>
/// <remarks>
/// A level is a part of the network as its keys name them: <c>layer4</c>, <c>features.12</c>. It gets the values that a
/// fresh network of the seed has there, the statistics of batch normalisation included.
/// </remarks>
internal sealed class CascadingRandomisation : IDisposable
{
    private const int FewestLevels = 4;

    private readonly IBackbone _fresh;
    private readonly Dictionary<string, Tensor> _entries;
    private readonly Dictionary<string, Tensor> _freshEntries;

    public CascadingRandomisation(IBackboneFactory backbones, IBackbone original, long seed)
    {
        using var scope = NewDisposeScope();
        using var guard = no_grad();
        Copy = backbones.CreateForLoading(original.Spec.Name, original.Classes);
        _fresh = backbones.Create(original.Spec.Name, original.Classes, seed);
        var given = original.Network.state_dict();
        var device = given.Values.First().device;
        Copy.Network.to(device);
        Copy.Network.eval();
        _entries = Copy.Network.state_dict();
        _freshEntries = _fresh.Network.state_dict();
        foreach (var (key, value) in given)
        {
            _entries[key].copy_(value);
        }

        var run = Copy.TrainableParameters(NetworkPart.All).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
        var depth = run.Select(key => Part(key, 1)).Distinct().Count() < FewestLevels ? 2 : 1;
        var parts = given.Keys.GroupBy(key => Part(key, depth)).Where(part => part.Any(run.Contains)).ToList();
        parts.Reverse();
        Levels = [.. parts.Select(part => (part.Key, (IReadOnlyList<string>)[.. part]))];
    }

    /// <summary>The copy, in evaluation mode, on the original's device.</summary>
    public IBackbone Copy { get; }

    /// <summary>The parts from the head down, each with its keys.</summary>
    public IReadOnlyList<(string Name, IReadOnlyList<string> Keys)> Levels { get; }

    /// <summary>Takes from one more part of the copy what it learned.</summary>
    public void Randomise(int level)
    {
        using var guard = no_grad();
        foreach (var key in Levels[level].Keys)
        {
            _entries[key].copy_(_freshEntries[key]);
        }
    }

    public void Dispose()
    {
        Copy.Dispose();
        _fresh.Dispose();
    }

    private static string Part(string key, int depth) =>
        string.Join('.', key[..Math.Max(0, key.LastIndexOf('.'))].Split('.').Take(depth));
}
