using System.Net;
using CovidCt.Models.Runtime;
using CovidCt.Networks;

namespace CovidCt.Weights;

/// <summary>
/// Keeps published weights in a folder, and fetches those that are missing. A file has its published name only once its
/// size and hash have been compared with the published ones; until then it is <c>NAME.part</c>, which a later try goes on
/// with. Safe for many threads and processes at once: whoever holds <c>NAME.lock</c> fetches, the others wait for the file.
/// </summary>
public sealed class WeightsStore : IDisposable
{
    private const string OfflineVariable = "COVIDCT_OFFLINE";
    private const int MostRedirects = 10;

    private readonly WeightsStoreOptions _options;
    private readonly HttpClient _http;
    private readonly bool _ownsHttp;

    /// <summary>A store on a folder, which is made when something is fetched.</summary>
    /// <param name="options">Folder and patience; null is as their defaults.</param>
    /// <param name="http">A client to fetch with, which stays the caller's; null makes one for the store.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names each.</exception>
    public WeightsStore(WeightsStoreOptions? options = null, HttpClient? http = null)
    {
        _options = options ?? new WeightsStoreOptions();
        OptionsValidation.ThrowIfInvalid(_options);
        Folder = Path.GetFullPath(_options.Folder ?? Path.Combine(TorchRuntime.CacheFolder, "weights"));
        IsOffline = _options.Offline
            || Environment.GetEnvironmentVariable(OfflineVariable)?.ToLowerInvariant() is not (null or "" or "0" or "false");
        _ownsHttp = http is null;
        _http = http ?? MakeClient();
    }

    /// <summary>The folder that holds the files, as a full path.</summary>
    public string Folder { get; }

    /// <summary>Whether no connection is ever opened.</summary>
    public bool IsOffline { get; }

    /// <summary>Where a file is, or would be.</summary>
    /// <exception cref="ArgumentException">The address of the weights names no file.</exception>
    public string PathOf(PublishedWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return weights.FileName is { Length: > 0 } name
            ? Path.Combine(Folder, name)
            : throw new ArgumentException($"The address {weights.Address} names no file.", nameof(weights));
    }

    /// <summary>A file of the store after its size and hash were compared; null where it is not there.</summary>
    /// <exception cref="WeightsException">It is there and not what was published, or can't be read; the message names it.</exception>
    public string? Find(PublishedWeights weights)
    {
        var path = PathOf(weights);
        if (!File.Exists(path))
        {
            return null;
        }

        Verify(weights, path);
        return path;
    }

    /// <summary>Compares a file, wherever it lies, with what was published.</summary>
    /// <exception cref="WeightsException">Its size or hash is another, or it can't be read; the message says both hashes.</exception>
    public static void Verify(PublishedWeights weights, string path)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            if (FaultOf(weights, path, CancellationToken.None) is { } fault)
            {
                throw new WeightsException(
                    $"{path} is not the file that is published at {weights.Address}: {fault} Delete it, and fetch it again.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new WeightsException($"{path} can't be read: {e.Message}", e);
        }
    }

    /// <summary>
    /// The path of a file of the store, which is fetched first where it is missing or damaged. A damaged one is kept beside it
    /// as <c>NAME.damaged</c>. After a cancellation or failure the next call goes on with what has come so far.
    /// </summary>
    /// <param name="weights">What to fetch.</param>
    /// <param name="progress">Told how far it is, about ten times a second, on whatever thread.</param>
    /// <param name="cancellationToken">Stops the download, or the wait for another process.</param>
    /// <exception cref="WeightsException">
    /// It can't be had; the message names the address, what was wrong, and where to put the file when it is fetched elsewhere.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<string> FetchAsync(
        PublishedWeights weights, IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var path = PathOf(weights);
        try
        {
            var isThere = File.Exists(path);
            var damage = isThere ? await FaultAsync(weights, path, progress, cancellationToken).ConfigureAwait(false) : null;
            if (isThere && damage is null)
            {
                return path;
            }

            if (IsOffline)
            {
                throw Unavailable(weights, damage is null ? OfflineReason : $"The file that is there is damaged: {damage} {OfflineReason}");
            }

            Directory.CreateDirectory(Folder);
            using var held = await LockAsync(weights, path, progress, cancellationToken).ConfigureAwait(false);
            if (File.Exists(path))
            {
                if (await FaultAsync(weights, path, progress, cancellationToken).ConfigureAwait(false) is not { } fault)
                {
                    return path;
                }

                File.Move(path, path + ".damaged", overwrite: true);
                progress?.Report(new DownloadProgress(DownloadStep.Retrying, 0, weights.Size)
                {
                    Reason = $"The file that was there is damaged and now {Path.GetFileName(path)}.damaged: {fault}",
                });
            }

            await DownloadAsync(weights, path, progress, cancellationToken).ConfigureAwait(false);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unavailable(weights, $"The folder {Folder} can't be used: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsHttp)
        {
            _http.Dispose();
        }
    }

    private string OfflineReason => _options.Offline
        ? "The store is set to be offline."
        : $"The store is offline, as the environment variable {OfflineVariable} says.";

    private async Task DownloadAsync(
        PublishedWeights weights, string path, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        var part = new PartFile(path + ".part");
        var download = new Download(_http, _options, weights, part, progress);
        for (var anew = false; ; anew = true)
        {
            try
            {
                var resumed = await download.RunAsync(cancellationToken).ConfigureAwait(false);
                if (await FaultAsync(weights, part.Path, progress, cancellationToken).ConfigureAwait(false) is not { } fault)
                {
                    part.PlaceAt(path);
                    return;
                }

                part.Delete();
                if (!resumed || anew)
                {
                    throw new DownloadException($"What came is not what was published: {fault}{download.Hint}");
                }

                progress?.Report(new DownloadProgress(DownloadStep.Retrying, 0, weights.Size)
                {
                    Reason = $"What an earlier try had left did not fit: {fault}",
                });
            }
            catch (DownloadException e)
            {
                throw Unavailable(weights, e.Message, e.InnerException);
            }
        }
    }

    private static async Task<IDisposable> LockAsync(
        PublishedWeights weights, string path, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (FileLock.TryTake(path + ".lock") is { } held)
            {
                return held;
            }

            progress?.Report(new DownloadProgress(DownloadStep.WaitingForOther, PartFile.LengthOf(path + ".part"), weights.Size));
            await Task.Delay(FileLock.Poll, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Task<string?> FaultAsync(
        PublishedWeights weights, string path, IProgress<DownloadProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new DownloadProgress(DownloadStep.Verifying, PartFile.LengthOf(path), weights.Size));
        return Task.Run(() => FaultOf(weights, path, cancellationToken), cancellationToken);
    }

    /// <summary>What is wrong with a file, in whole sentences; null where it is the published one.</summary>
    private static string? FaultOf(PublishedWeights weights, string path, CancellationToken cancellationToken)
    {
        var hash = FileHash.Sha256(path, cancellationToken);
        var length = new FileInfo(path).Length;
        var hasHash = weights.HasHash(hash);
        if (hasHash && weights.HasSize(length))
        {
            return null;
        }

        var size = weights.Size is { } bytes
            ? FormattableString.Invariant($"{bytes:N0}")
            : FormattableString.Invariant($"{weights.Mebibytes:0.000} MiB");
        var digits = weights.HashIsComplete ? "is" : "begins with";
        return FormattableString.Invariant($"it has {length:N0} bytes where {size} are published, ")
            + $"and its sha256 is {hash} where that of the published file {digits} {weights.Sha256}.";
    }

    private WeightsException Unavailable(PublishedWeights weights, string reason, Exception? cause = null)
    {
        var message =
            $"The weights of {weights.Network} could not be fetched from {weights.Address}. {reason} " +
            $"To do without, fetch that file elsewhere and put it at {PathOf(weights)}; it is verified before it is used.";
        return cause is null ? new WeightsException(message) : new WeightsException(message, cause);
    }

    private static HttpClient MakeClient()
    {
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.None,
            MaxAutomaticRedirections = MostRedirects,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan }; // A stall is noticed by itself.
        client.DefaultRequestHeaders.UserAgent.Add(new("CovidCt", typeof(WeightsStore).Assembly.GetName().Version?.ToString(3)));
        return client;
    }
}
