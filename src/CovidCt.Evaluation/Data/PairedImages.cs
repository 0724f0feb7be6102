namespace CovidCt.Data;

/// <summary>The images of two data sets, of which one or both are no files, by keys that tell them apart.</summary>
internal sealed class PairedImages : CtDataset.IImageSource
{
    private readonly CtDataset _first, _second;
    private readonly string _prefix;

    /// <param name="first">The data set whose keys stay as they are.</param>
    /// <param name="second">The one whose keys get its name before them.</param>
    public PairedImages(CtDataset first, CtDataset second)
    {
        (_first, _second) = (first, second);
        _prefix = $"{second.Name}/";
        while (first.Samples.Any(sample => sample.Path.StartsWith(_prefix, StringComparison.Ordinal)))
        {
            _prefix = $"+{_prefix}";
        }
    }

    public bool CanBeOpenedAgain => _first.CanBeOpenedAgain && _second.CanBeOpenedAgain;

    public bool MayBeDeep => _first.Images is not { MayBeDeep: false } || _second.Images is not { MayBeDeep: false };

    public bool HoldsVolumes => _first.HoldsVolumes && _second.HoldsVolumes;

    /// <summary>The key of an image of the second data set.</summary>
    public string KeyOf(string path) => _prefix + path;

    public Stream Open(string key)
    {
        var (dataset, path) = Place(key);
        return dataset.Images is { } images ? images.Open(path) : File.OpenRead(Path.GetFullPath(path, dataset.Root));
    }

    public string? HashOf(string key)
    {
        var (dataset, path) = Place(key);
        if (dataset.Images is { } images)
        {
            return images.HashOf(path);
        }

        var file = Path.GetFullPath(path, dataset.Root);
        return File.Exists(file) ? FileHash.Sha256(file) : null;
    }

    private (CtDataset Dataset, string Path) Place(string key) =>
        key.StartsWith(_prefix, StringComparison.Ordinal) ? (_second, key[_prefix.Length..]) : (_first, key);
}
