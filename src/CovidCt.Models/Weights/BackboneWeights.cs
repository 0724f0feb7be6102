using CovidCt.Models.Weights.Formats;
using CovidCt.Networks;
using CovidCt.Recipes;
using static TorchSharp.torch;

namespace CovidCt.Models.Weights;

/// <summary>Weights from files and back, strictly: a file fits a network entry for entry, or not at all.</summary>
/// <remarks>
/// Files are of any format that <see cref="TensorFile"/> reads, and spelled as torchvision, timm or Cadene's
/// pretrained-models.pytorch spell them or once did. Floating types are converted to the network's, and whole numbers to
/// int64.
/// </remarks>
public static class BackboneWeights
{
    private const int MostNamed = 10;

    /// <summary>Loads a file whose entries are the network's own, the number of classes included.</summary>
    /// <remarks>Everything is checked before the network is touched.</remarks>
    /// <returns>What was mapped, and which entries were left as they are because the file lacks them.</returns>
    /// <exception cref="WeightsException">
    /// The file can't be read, or doesn't fit: every missing, unexpected and misshapen entry is in the exception.
    /// </exception>
    public static WeightsMatch Load(IBackbone backbone, string path)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        using var file = TensorFile.Open(path);
        var plan = Plan.Make(backbone, file);
        plan.ThrowIfUnfit(backbone, file, newHead: false, backbone.Classes, instead: () => WhatElse(new BackboneFactory(), file));
        plan.Copy(file);
        return plan.Match(backbone, file);
    }

    /// <summary>Loads the part of a file whose names begin with a prefix, as <see cref="Load(IBackbone, string)"/> loads a file.</summary>
    /// <param name="backbone">The network.</param>
    /// <param name="file">The file.</param>
    /// <param name="prefix">What the names of the part begin with.</param>
    /// <exception cref="WeightsException">The part doesn't fit the network.</exception>
    public static void Load(IBackbone backbone, TensorFile file, string prefix)
    {
        var plan = Plan.Make(backbone, file, prefix);
        plan.ThrowIfUnfit(backbone, file, newHead: false, backbone.Classes);
        plan.Copy(file);
    }

    /// <summary>Makes a network with the weights of a file, whatever number of classes the file was made for.</summary>
    /// <param name="factory">Makes the network.</param>
    /// <param name="name">Its published name.</param>
    /// <param name="path">The file.</param>
    /// <param name="classes">
    /// The number of classes wanted; where the file has another, its head is replaced. Null keeps the file's own.
    /// </param>
    /// <param name="seed">The seed of initial values that the file doesn't have, such as a new head's.</param>
    /// <param name="report">Told what was mapped, skipped and newly made.</param>
    /// <exception cref="ArgumentException">No network has that name.</exception>
    /// <exception cref="WeightsException">The file can't be read, or holds another network's weights.</exception>
    public static IBackbone LoadPretrained(
        IBackboneFactory factory, string name, string path, int? classes = null, long seed = 0, Action<WeightsMatch>? report = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        using var file = TensorFile.Open(path);
        var (backbone, plan) = Prepare(factory, name, file, classes, seed, () => WhatElse(factory, file));
        try
        {
            if (plan.LacksBody)
            {
                // A part of the network begins anew: with the values that it would have without a file.
                var own = backbone.Classes;
                backbone.Dispose();
                backbone = factory.Create(name, own, seed);
                plan = Plan.Make(backbone, file);
            }
            else if (plan.LacksHead)
            {
                backbone.ReplaceHead(backbone.Classes, seed);
            }

            plan.Copy(file);
            report?.Invoke(plan.Match(backbone, file));
            return backbone;
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    /// <summary>Says how a file goes with a network, without loading it.</summary>
    /// <param name="factory">Makes the network.</param>
    /// <param name="name">Its published name.</param>
    /// <param name="path">The file.</param>
    /// <param name="classes">The number of classes wanted; null takes the file's own.</param>
    /// <exception cref="ArgumentException">No network has that name.</exception>
    /// <exception cref="WeightsException">The file can't be read, or holds another network's weights.</exception>
    public static WeightsMatch Inspect(IBackboneFactory factory, string name, string path, int? classes = null)
    {
        ArgumentNullException.ThrowIfNull(factory);
        using var file = TensorFile.Open(path);
        var (backbone, plan) = Prepare(factory, name, file, classes, seed: 0, () => WhatElse(factory, file));
        using (backbone)
        {
            return plan.Match(backbone, file);
        }
    }

    /// <summary>Finds the network whose weights a file holds.</summary>
    /// <returns>How the file goes with it; null where it goes with none.</returns>
    /// <exception cref="WeightsException">The file can't be read.</exception>
    public static WeightsMatch? Identify(IBackboneFactory factory, string path)
    {
        ArgumentNullException.ThrowIfNull(factory);
        using var file = TensorFile.Open(path);
        return Identify(factory, file);
    }

    private static WeightsMatch? Identify(IBackboneFactory factory, TensorFile file)
    {
        foreach (var spec in factory.Specs)
        {
            if (TryPrepare(factory, spec.Name, file) is var (backbone, plan))
            {
                using (backbone)
                {
                    return plan.Match(backbone, file);
                }
            }
        }

        return null;
    }

    /// <summary>
    /// Saves a network's state_dict under its published keys, whole or not at all: as PyTorch's zip archive where the name ends
    /// in <c>.pth</c> or <c>.pt</c>, as safetensors otherwise.
    /// </summary>
    /// <param name="backbone">The network.</param>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="metadata">Free text to keep with the weights, for which only safetensors has a place.</param>
    /// <exception cref="ArgumentException">There is metadata for a PyTorch file.</exception>
    /// <exception cref="IOException">The file can't be written.</exception>
    public static void Save(IBackbone backbone, string path, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        TensorFile.Write(
            path, backbone.Network.state_dict().Select(entry => (entry.Key, entry.Value)), metadata, TensorFile.FormatFor(path));
    }

    /// <summary>
    /// Writes the entries of a file into another, spelled as torchvision and timm spell them today where it is known whose they
    /// are; types of number stay. Batch counters that old files lack are added, so that Python loads the new one strictly.
    /// </summary>
    /// <param name="factory">Knows the networks.</param>
    /// <param name="source">The file to read.</param>
    /// <param name="target">The file to write, in the format that its name says; one that is there is replaced.</param>
    /// <param name="cancellationToken">Stops before the new file takes its name.</param>
    /// <returns>How the file goes with its network; null where it goes with none, and its entries were written as they are.</returns>
    /// <exception cref="WeightsException">The file can't be read.</exception>
    /// <exception cref="IOException">The new file can't be written.</exception>
    public static WeightsMatch? Convert(
        IBackboneFactory factory, string source, string target, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(factory);
        using var scope = NewDisposeScope();
        using var file = TensorFile.Open(source);
        var format = TensorFile.FormatFor(target);
        var metadata = format != TensorFormat.Safetensors ? null
            : file.Metadata.Count > 0 ? file.Metadata
            : new Dictionary<string, string> { ["format"] = "pt" };
        foreach (var spec in factory.Specs)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryPrepare(factory, spec.Name, file) is not var (backbone, plan))
            {
                continue;
            }

            using (backbone)
            {
                TensorFile.Write(target, plan.Entries(file).Select(Watched), metadata, format);
                return plan.Match(backbone, file);
            }
        }

        TensorFile.Write(target, file.Entries.Select(entry => (entry.Name, file.Read(entry.Name))).Select(Watched), metadata, format);
        return null;

        (string, Tensor) Watched((string, Tensor) entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return entry;
        }
    }

    /// <summary>What a file holds in the place of the weights that were asked for, as the end of a sentence.</summary>
    private static string WhatElse(IBackboneFactory factory, TensorFile file)
    {
        if (Identify(factory, file) is { } match)
        {
            return $", but of {match.Network} with {Counted(match.FileClasses, "class", "classes")}.";
        }

        var stated = file.Metadata.GetValueOrDefault("format") is { } format ? $", and says that its format is '{format}'" : "";
        var first = file.Entries.Count > 0 ? $", the first being {file.Entries[0].Name} [{string.Join(", ", file.Entries[0].Shape)}]" : "";
        return $", nor of another network that is known: it has {Counted(file.Entries.Count, "entry", "entries")}{first}{stated}.";
    }

    private static string Counted(int count, string one, string several) => $"{count} {(count == 1 ? one : several)}";

    private static (IBackbone Backbone, Plan Plan)? TryPrepare(IBackboneFactory factory, string name, TensorFile file)
    {
        try
        {
            return Prepare(factory, name, file, classes: null, seed: 0);
        }
        catch (WeightsException)
        {
            return null; // Another network's.
        }
    }

    /// <summary>A network whose values are anything yet but have the shapes wanted, and what goes where.</summary>
    private static (IBackbone Backbone, Plan Plan) Prepare(
        IBackboneFactory factory, string name, TensorFile file, int? classes, long seed, Func<string>? instead = null)
    {
        var backbone = factory.CreateForLoading(name, classes ?? 1);
        try
        {
            var plan = Plan.Make(backbone, file);
            if (classes is null && plan.FileClasses != backbone.Classes)
            {
                backbone.ReplaceHead(plan.FileClasses, seed);
                plan = Plan.Make(backbone, file);
            }

            plan.ThrowIfUnfit(backbone, file, newHead: true, classes, instead);
            return (backbone, plan);
        }
        catch
        {
            backbone.Dispose();
            throw;
        }
    }

    private static bool IsCounter(string name) => name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    /// <summary>Which entry of a file goes into which tensor of a network.</summary>
    private sealed class Plan
    {
        private readonly Dictionary<string, Tensor> _targets;
        private readonly IReadOnlyDictionary<string, TensorFile.Entry> _sources;
        private readonly IReadOnlyList<string> _unexpected;
        private readonly HashSet<string> _ofHeads;

        private Plan(
            Dictionary<string, Tensor> targets, IReadOnlyDictionary<string, TensorFile.Entry> sources, IReadOnlyList<string> unexpected,
            int fileClasses,
            int classes)
        {
            (_targets, _sources, _unexpected, FileClasses) = (targets, sources, unexpected, fileClasses);

            // What differs in the number of classes and in nothing else belongs to a head.
            _ofHeads = fileClasses == classes ? [] : [.. targets.Keys.Where(name =>
                sources.TryGetValue(name, out var source)
                && source.Shape.Count > 0 && source.Shape[0] == fileClasses && targets[name].shape[0] == classes
                && source.Shape.Skip(1).SequenceEqual(targets[name].shape.Skip(1)))];
        }

        public int FileClasses { get; }

        private IEnumerable<(string Name, Tensor Target, TensorFile.Entry Source)> Pairs =>
            _targets.Where(target => _sources.ContainsKey(target.Key) && !_ofHeads.Contains(target.Key))
                .Select(target => (target.Key, target.Value, _sources[target.Key]));

        public static Plan Make(IBackbone backbone, TensorFile file, string prefix = "")
        {
            var entries = prefix.Length == 0
                ? file.Entries
                : [.. file.Entries.Where(entry => entry.Name.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(entry => entry.Renamed(entry.Name[prefix.Length..]))];
            var targets = backbone.Network.state_dict();
            var head = backbone.TrainableParameters(NetworkPart.Head)[0];
            try
            {
                var (sources, unexpected) = Spelling.Match(entries, targets.Keys, head.Name[..head.Name.LastIndexOf('.')]);
                var fileClasses = sources.TryGetValue(head.Name, out var weight) && weight.Shape.Count == head.Parameter.ndim
                    && weight.Shape[0] is >= 1 and <= int.MaxValue
                    ? (int)weight.Shape[0]
                    : backbone.Classes;
                return new(targets, sources, unexpected, fileClasses, backbone.Classes);
            }
            catch (WeightsException e)
            {
                throw new WeightsException($"{file.Path}: {e.Message}", e);
            }
        }

        public bool LacksHead => _ofHeads.Count > 0;

        public bool LacksBody => _targets.Keys.Any(name => !_sources.ContainsKey(name) && !IsCounter(name));

        public void ThrowIfUnfit(IBackbone backbone, TensorFile file, bool newHead, int? classes, Func<string>? instead = null)
        {
            var missing = _targets.Keys.Where(name => !_sources.ContainsKey(name)).Except(Dispensable(backbone, file)).ToList();
            var misshapen = _targets.Keys.Where(name => _sources.ContainsKey(name) && !(newHead && _ofHeads.Contains(name)))
                .Where(name => !Fits(_sources[name], _targets[name]))
                .Select(name => $"{name} (file: {_sources[name].StoredAs} [{string.Join(", ", _sources[name].Shape)}], network: "
                    + $"{NumberType.Of(_targets[name].dtype)?.Name} [{string.Join(", ", _targets[name].shape)}])")
                .ToList();
            if (missing.Count + _unexpected.Count + misshapen.Count > 0)
            {
                var lists = string.Concat(List("missing", missing), List("unexpected", _unexpected), List("of another shape", misshapen));
                var asked = classes is { } count ? $"{backbone.Spec.Name} with {Counted(count, "class", "classes")}" : backbone.Spec.Name;
                throw new WeightsException($"{file.Path}: these are not weights of {asked}{instead?.Invoke() ?? "."}{lists}")
                {
                    Missing = missing,
                    Unexpected = _unexpected,
                    Misshapen = misshapen,
                };
            }
        }

        public void Copy(TensorFile file)
        {
            using var guard = no_grad();
            var alike = Pairs.Where(pair => IsAlike(pair.Target, pair.Source)).ToList();
            file.ReadInto(alike.Select(pair => (pair.Target, pair.Source)));
            foreach (var (_, target, source) in Pairs.Except(alike))
            {
                using var scope = NewDisposeScope();
                target.copy_(file.Read(source).reshape(target.shape));
            }
        }

        private static bool IsAlike(Tensor target, TensorFile.Entry source) =>
            source.Strides is null && target.dtype == source.Type && target.device_type == TorchSharp.DeviceType.CPU
                && target.is_contiguous();

        /// <summary>The file's entries under the network's names, and zeros for the counters that it lacks.</summary>
        public IEnumerable<(string Name, Tensor Tensor)> Entries(TensorFile file) => _targets
            .Where(target => _sources.ContainsKey(target.Key) || IsCounter(target.Key))
            .Select(target => (target.Key, _sources.TryGetValue(target.Key, out var source)
                ? file.Read(source).reshape(target.Value.shape)
                : zeros_like(target.Value)));

        public WeightsMatch Match(IBackbone backbone, TensorFile file) => new(backbone.Spec.Name, file.Path, FileClasses, backbone.Classes)
        {
            Container = file.Container,
            Loaded = Pairs.Count(),
            Renamed = [.. Pairs.Where(pair => pair.Name != pair.Source.Name).Select(pair => (pair.Source.Name, pair.Name))],
            Skipped = [.. _ofHeads.Select(name => _sources[name].Name)],
            Fresh = [.. _targets.Keys.Where(name => !_sources.ContainsKey(name) || _ofHeads.Contains(name))],
        };

        /// <summary>
        /// What a file may lack: a part that isn't run, if all of it is missing, and the batch counters, if none is there.
        /// </summary>
        private IEnumerable<string> Dispensable(IBackbone backbone, TensorFile file)
        {
            var counted = file.Entries.Any(entry => IsCounter(entry.Name));
            var run = backbone.TrainableParameters(NetworkPart.All).Select(entry => entry.Name).ToHashSet(StringComparer.Ordinal);
            var idle = backbone.Network.named_parameters().Where(entry => !run.Contains(entry.name)).Select(entry => Root(entry.name))
                .ToHashSet(StringComparer.Ordinal);
            var groups = _targets.Keys.GroupBy(
                name => idle.Contains(Root(name)) ? Root(name) : !counted && IsCounter(name) ? "counters" : "");
            return groups.Where(group => group.Key.Length > 0 && !group.Any(_sources.ContainsKey)).SelectMany(group => group);
        }

        private static string Root(string name) => name[..name.IndexOf('.', StringComparison.Ordinal)];

        // Xception's first files have its 1×1 kernels without the two dimensions of 1.
        private static bool Fits(TensorFile.Entry source, Tensor target) =>
            source.Shape.Count <= target.ndim
            && source.Shape.SequenceEqual(target.shape.Take(source.Shape.Count))
            && target.shape.Skip(source.Shape.Count).All(size => size == 1)
            && NumberType.IsFloating(source.Type) == NumberType.IsFloating(target.dtype);

        private static string List(string what, IReadOnlyList<string> entries)
        {
            if (entries.Count == 0)
            {
                return "";
            }

            var more = entries.Count > MostNamed ? $", and {entries.Count - MostNamed} more" : "";
            return $" {entries.Count} {what}: {string.Join(", ", entries.Take(MostNamed))}{more}.";
        }
    }
}
