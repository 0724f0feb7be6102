using System.Collections.Concurrent;
using System.Globalization;
using CovidCt.Data;
using CovidCt.Imaging;

namespace CovidCt.Volumes;

/// <summary>
/// The images of a data set of volumes: a slice through a window each, by the key <c>CLASS/VOLUME/SLICE</c>, and where its lungs are.
/// </summary>
/// <param name="formats">What volumes are read by.</param>
/// <param name="options">Windows and slices.</param>
internal sealed class VolumeImages(IReadOnlyList<IVolumeFormat> formats, VolumeOptions options) : CtDataset.IImageSource
{
    private const string Lungs = "#lungs";

    // Rows that are decoded at once are of a few volumes, each of whose slices are asked for in turn.
    private static readonly int MostMasks = 2 * Environment.ProcessorCount;

    private readonly Dictionary<string, (ICtVolume Volume, int Slice, CtWindow? Window)> _slices = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Lazy<string>> _hashes = new(StringComparer.Ordinal);
    private readonly List<(ICtVolume Volume, Lazy<LungMask> Mask)> _masks = [];
    private readonly Lock _turn = new();

    public bool CanBeOpenedAgain => true;

    public bool MayBeDeep => false;

    public bool HoldsVolumes => true;

    private string Way { get; } = string.Create(
        CultureInfo.InvariantCulture, $"{options.LeastLungs:R}; {string.Join("; ", formats.Select(format => format.Version))}");

    /// <summary>The key by which the lungs of an image are asked for.</summary>
    public static string LungsOf(string key) => key + Lungs;

    /// <summary>Takes a volume in.</summary>
    /// <param name="place">What the keys begin with.</param>
    /// <param name="volume">The volume.</param>
    /// <returns>The keys of its images.</returns>
    public IReadOnlyList<string> Add(string place, ICtVolume volume)
    {
        var taken = Math.Min(volume.Count, options.SlicesPerVolume ?? volume.Count);
        List<string> keys = [];
        for (var i = 0; i < taken; i++)
        {
            var slice = (int)(((2L * i) + 1) * volume.Count / (2L * taken));
            for (var window = 0; window < options.Windows.Count; window++)
            {
                var key = string.Create(
                    CultureInfo.InvariantCulture, $"{place}/{slice:0000}{(window > 0 ? $" window {window + 1}" : "")}");
                _slices.Add(key, (volume, slice, options.Windows[window]));
                keys.Add(key);
            }
        }

        return keys;
    }

    public Stream Open(string key) => new MemoryStream(Content(key), writable: false);

    public string? HashOf(string key)
    {
        if (!_slices.TryGetValue(key, out var place))
        {
            return null;
        }

        var file = place.Volume.FileOf(place.Slice);
        var hash = _hashes.GetOrAdd(file, path => new(() => FileHash.Sha256(path))).Value;
        return string.Create(CultureInfo.InvariantCulture, $"{hash} {place.Slice} {place.Window}; {Way}");
    }

    private byte[] Content(string key)
    {
        var isMask = key.EndsWith(Lungs, StringComparison.Ordinal);
        var (volume, slice, window) = _slices.TryGetValue(isMask ? key[..^Lungs.Length] : key, out var place)
            ? place
            : throw new FileNotFoundException($"There is no slice {key}.");
        try
        {
            var lungs = MaskOf(volume);
            var read = volume.Read(slice);
            return isMask
                ? SliceFile.Of(new GrayImage(
                    read.Width, read.Height, Array.ConvertAll(lungs.Of(slice), isLung => isLung ? byte.MaxValue : byte.MinValue)))
                : LungSlices.WhyNot(lungs.ShareOf(slice), options.LeastLungs) is { } reason
                ? SliceFile.Of(reason)
                : SliceFile.Of(read.ToGray(window));
        }
        catch (ImageRejectedException e)
        {
            return SliceFile.Of(e.Message);
        }
    }

    private LungMask MaskOf(ICtVolume volume)
    {
        Lazy<LungMask> mask;
        lock (_turn)
        {
            var known = _masks.FindIndex(one => ReferenceEquals(one.Volume, volume));
            mask = known >= 0 ? _masks[known].Mask : new(() => LungMask.Find(volume.Count, volume.TryRead));
            if (known >= 0)
            {
                _masks.RemoveAt(known);
            }

            _masks.Add((volume, mask));
            if (_masks.Count > MostMasks)
            {
                _masks[0].Volume.Release();
                _masks.RemoveAt(0);
            }
        }

        return mask.Value;
    }
}
