using System.ComponentModel.DataAnnotations;
using CovidCt.Models.Runtime;

namespace CovidCt.Weights;

/// <summary>Where a <see cref="WeightsStore"/> keeps its files, and how patient it is with servers.</summary>
public sealed class WeightsStoreOptions
{
    /// <summary>
    /// The folder that holds the files. Default null: the folder <c>weights</c> in <see cref="TorchRuntime.CacheFolder"/>,
    /// which is <c>COVIDCT_CACHE</c> or the user's cache.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>
    /// Whether no connection is ever opened, so that only files that are in the folder already can be had. Default false; a
    /// store is offline too where the environment variable <c>COVIDCT_OFFLINE</c> has a value other than 0 or false.
    /// </summary>
    public bool Offline { get; set; }

    /// <summary>
    /// How many times a file is tried for, 1 to 100, before it is given up; each mebibyte further than any try before begins
    /// the count anew. Default 5. What a server refuses for good, such as with 404, is tried for once.
    /// </summary>
    [Range(1, 100)]
    public int Attempts { get; set; } = 5;

    /// <summary>How long a server may send nothing before the connection counts as broken, 10 ms to 1 h. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The pause after the first failure, up to 1 h; each further one is twice as long, up to <see cref="LongestPause"/>.
    /// Default 1 s. A server that says how long to wait (<c>Retry-After</c>) gets what it asks for.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest pause, up to 1 day. Default 2 min. Where a server asks for a longer one, the file is given up at once.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ParseLimitsInInvariantCulture = true)]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(2);
}
