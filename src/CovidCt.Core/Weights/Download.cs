using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using CovidCt.Networks;

namespace CovidCt.Weights;

/// <summary>
/// Brings one file over HTTP into its part, and again and again where that fails in passing. It says nothing on whether the
/// bytes are right. RFC 9110: ranges in section 14, <c>If-Range</c> in 13.1.5, <c>Retry-After</c> in 10.2.3.
/// </summary>
internal sealed class Download(
    HttpClient http, WeightsStoreOptions options, PublishedWeights weights, PartFile part, IProgress<DownloadProgress>? progress)
{
    private const int BufferSize = 1 << 17;
    private const long WorthwhileBytes = 1 << 20;
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>What may explain bytes that turn out to be wrong: a sentence with a blank before it, or nothing.</summary>
    public string Hint { get; private set; } = "";

    /// <summary>Fetches until the part is whole as far as the server says.</summary>
    /// <returns>Whether bytes of an earlier answer are in it.</returns>
    /// <exception cref="DownloadException">The file can't be had.</exception>
    /// <exception cref="IOException">The part can't be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The part can't be written.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        var furthest = part.Length;
        for (var failures = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (part.Length > weights.MaximumSize)
            {
                part.Delete();
            }

            var before = part.Length;
            if (before > 0 && before == weights.Size)
            {
                return true;
            }

            try
            {
                return await TryAsync(before, cancellationToken).ConfigureAwait(false);
            }
            catch (PassingException e)
            {
                if (part.Length - furthest >= WorthwhileBytes)
                {
                    (failures, furthest) = (0, part.Length);
                }

                if (++failures >= options.Attempts)
                {
                    throw new DownloadException($"{e.Message} That was try {failures} of {options.Attempts}.", e.InnerException ?? e);
                }

                var pause = e.Pause ?? Backoff(failures);
                progress?.Report(
                    new DownloadProgress(DownloadStep.Retrying, part.Length, weights.Size) { Reason = e.Message, Pause = pause });
                await Task.Delay(pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private TimeSpan Backoff(int failures)
    {
        var pause = options.RetryPause * Math.Pow(2, failures - 1);
        return pause < options.LongestPause ? pause : options.LongestPause;
    }

    private async Task<bool> TryAsync(long offset, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, weights.Address);
        request.Headers.AcceptEncoding.Add(new("identity"));
        if (offset > 0)
        {
            request.Headers.Range = new RangeHeaderValue(offset, null);
            request.Headers.IfRange = part.ETag is { } etag ? new RangeConditionHeaderValue(etag) : null;
        }

        using var patience = new Patience(options.StallTimeout, cancellationToken);
        using var response = await patience.WaitAsync(
            token => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token)).ConfigureAwait(false);
        ThrowIfRefused(response);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            if (offset > 0 && response.Content.Headers.ContentRange?.Length == offset)
            {
                return true;
            }

            part.Delete();
            throw new PassingException("The server has not the bytes that are missing (status 416).", TimeSpan.Zero);
        }

        var resumes = response.StatusCode == HttpStatusCode.PartialContent;
        if (resumes)
        {
            ThrowIfNotTheRest(response, offset);
        }

        var total = resumes
            ? response.Content.Headers.ContentRange?.Length ?? offset + response.Content.Headers.ContentLength
            : response.Content.Headers.ContentLength;
        if (total > weights.MaximumSize)
        {
            part.Delete();
            throw new DownloadException(FormattableString.Invariant(
                $"The server announces {total:N0} bytes; the published file has at most {weights.MaximumSize:N0}."));
        }

        Hint = response.Content.Headers.ContentType?.MediaType == "text/html"
            ? " The server sent a web page: perhaps the network wants you to log in first."
            : "";
        var source = await patience.WaitAsync(response.Content.ReadAsStreamAsync).ConfigureAwait(false);
        await using (source.ConfigureAwait(false))
        {
            var file = resumes ? part.Continue() : part.Begin(response.Headers.ETag);
            await using (file.ConfigureAwait(false))
            {
                await CopyAsync(source, file, resumes ? offset : 0, total, patience, cancellationToken).ConfigureAwait(false);
            }
        }

        ThrowIfTooShort(response, total);
        return resumes && offset > 0;
    }

    private async Task CopyAsync(
        Stream source, FileStream file, long offset, long? total, Patience patience, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var received = offset;
            progress?.Report(new DownloadProgress(DownloadStep.Downloading, received, total));
            for (var reported = Stopwatch.GetTimestamp(); ;)
            {
                var count = await patience.WaitAsync(token => source.ReadAsync(buffer, token).AsTask()).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                received += count;
                if (received > weights.MaximumSize)
                {
                    await file.DisposeAsync().ConfigureAwait(false);
                    part.Delete();
                    throw new DownloadException(FormattableString.Invariant(
                        $"The server sends more than the {weights.MaximumSize:N0} bytes that the published file has at most."));
                }

                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                if (Stopwatch.GetElapsedTime(reported) >= ReportEvery)
                {
                    reported = Stopwatch.GetTimestamp();
                    progress?.Report(new DownloadProgress(DownloadStep.Downloading, received, total));
                }
            }

            progress?.Report(new DownloadProgress(DownloadStep.Downloading, received, total));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void ThrowIfRefused(HttpResponseMessage response)
    {
        // A client of the caller's may follow redirects that the store's own would not.
        if (weights.Address.Scheme == Uri.UriSchemeHttps
            && response.RequestMessage?.RequestUri is { } final
            && final.Scheme != Uri.UriSchemeHttps)
        {
            throw new DownloadException($"The server redirects to {final}, which is not https.");
        }

        var status = (int)response.StatusCode;
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK or HttpStatusCode.PartialContent:
                var encodings = response.Content.Headers.ContentEncoding;
                if (encodings.Any(encoding => !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
                {
                    throw new DownloadException(
                        $"The server sends the file compressed ({string.Join(", ", encodings)}), which it was asked not to.");
                }

                break;
            case HttpStatusCode.RequestedRangeNotSatisfiable:
                break;
            case HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError:
                var pause = RetryAfter(response);
                if (pause > options.LongestPause)
                {
                    var seconds = FormattableString.Invariant($"{pause.Value.TotalSeconds:N0}");
                    throw new DownloadException(
                        $"The server answered {status} {response.ReasonPhrase} and wants to be left alone for {seconds} s.");
                }

                throw new PassingException($"The server answered {status} {response.ReasonPhrase}.", pause);
            case >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest:
                throw new DownloadException(
                    $"The server answered {status} {response.ReasonPhrase} with the address {response.Headers.Location}, "
                        + "which is not followed: it is not https, or there are too many in a row.");
            default:
                throw new DownloadException($"The server answered {status} {response.ReasonPhrase}.");
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > DateTimeOffset.UtcNow ? date - DateTimeOffset.UtcNow : TimeSpan.Zero,
        _ => null,
    };

    private void ThrowIfNotTheRest(HttpResponseMessage response, long offset)
    {
        var range = response.Content.Headers.ContentRange;
        var sameVersion = part.ETag is not { } known || response.Headers.ETag is not { } sent || sent.Equals(known);
        if (range is { Unit: "bytes", HasRange: true } && range.From == offset && sameVersion)
        {
            return;
        }

        part.Delete();
        throw new PassingException(
            sameVersion
                ? $"The server sent other bytes than those asked for ({range?.ToString() ?? "no Content-Range"})."
                : "The server has another file now.",
            TimeSpan.Zero);
    }

    /// <summary>
    /// Where nothing says how long the answer is, its end and a broken connection look alike: the published size decides.
    /// </summary>
    private void ThrowIfTooShort(HttpResponseMessage response, long? total)
    {
        var length = part.Length;
        var endIsKnown = total is not null || response.Headers.TransferEncodingChunked == true || Hint.Length > 0;
        if (length < total || (!endIsKnown && length < weights.MaximumSize && !weights.HasSize(length)))
        {
            throw new PassingException(
                FormattableString.Invariant($"The connection ended after {length:N0} of {total ?? weights.MaximumSize:N0} bytes."));
        }
    }

    /// <summary>Waits for the network, as long as something comes within the given time.</summary>
    private sealed class Patience(TimeSpan stall, CancellationToken cancellationToken) : IDisposable
    {
        private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);

        public void Dispose() => _source.Dispose();

        public async Task<T> WaitAsync<T>(Func<CancellationToken, Task<T>> step)
        {
            _source.CancelAfter(stall);
            try
            {
                return await step(_source.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or HttpRequestException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw e switch
                {
                    OperationCanceledException => new PassingException(
                        FormattableString.Invariant($"The server sent nothing for {stall.TotalSeconds:0.###} s.")),
                    HttpRequestException lasting when IsLasting(lasting) => new DownloadException(
                        $"There is no connection: {Sentence(e)}", e),
                    _ => new PassingException($"The connection broke: {Sentence(e)}", cause: e),
                };
            }
            finally
            {
                _source.CancelAfter(Timeout.InfiniteTimeSpan);
            }
        }

        /// <summary>Whether another try in a minute would meet the same: no such host, nobody listening, a certificate refused.</summary>
        private static bool IsLasting(HttpRequestException e) => e.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError or HttpRequestError.UserAuthenticationError
                or HttpRequestError.ConfigurationLimitExceeded => true,
            HttpRequestError.SecureConnectionError => e.InnerException is AuthenticationException,
            HttpRequestError.ConnectionError => e.InnerException is SocketException
            {
                SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable
                    or SocketError.NetworkDown or SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData,
            },
            _ => false,
        };

        private static string Sentence(Exception e) => e.Message.EndsWith('.') ? e.Message : e.Message + ".";
    }

    /// <summary>A failure that another try may not meet.</summary>
    private sealed class PassingException(string message, TimeSpan? pause = null, Exception? cause = null) : Exception(message, cause)
    {
        /// <summary>How long to wait, where the server said so or there is no need to.</summary>
        public TimeSpan? Pause => pause;
    }
}

/// <summary>A file can't be had; the message says why in whole sentences, and nothing of what to do.</summary>
internal sealed class DownloadException(string message, Exception? cause = null) : Exception(message, cause);
