using System.Diagnostics;
using CovidCt.Answers;
using CovidCt.Records;
using CovidCt.Registration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace CovidCt.AspNetCore;

/// <summary>What a model's endpoints do.</summary>
/// <param name="name">The model's name; empty for the one without.</param>
/// <param name="provider">The application's services.</param>
internal sealed class ModelEndpoints(string name, IServiceProvider provider)
{
    private const string Png = "image/png", Json = "application/json";
    private const int FoldersAbove = 4, LongestPatience = 60;

    private readonly CovidCtServiceOptions _options = Get<CovidCtServiceOptions>(provider, Options.DefaultName);
    private readonly CovidCtOptions _model = Get<CovidCtOptions>(provider, name);
    private bool _isAboutSeries; // One at a time: each may be as large as a hundred slices.
    private int _inside;
    private double _seconds = 1; // What a request takes, the latest counting most.

    /// <summary>The answer about a slice; its map, where a picture is asked for.</summary>
    public Task<IResult> Classify(HttpContext http) => Prefers(http.Request, Png, to: Json)
        ? Picture(http)
        : Answered(http, static async (classifier, request, file, token) => Results.Json(
            Answer.Of(classifier, await classifier.ClassifyFileAsync(file, token).ConfigureAwait(false)), AnswersJson.Default.Answer));

    /// <summary>The map of a slice, as a picture, or as JSON with the answer.</summary>
    public Task<IResult> Explain(HttpContext http) => Prefers(http.Request, Json, to: Png)
        ? Answered(http, static async (classifier, request, file, token) =>
        {
            var wish = Wish.Of(request, classifier.Model.Classes);
            var image = await classifier.ExplainFileAsync(file, wish.Options, wish.Label, token).ConfigureAwait(false);
            return Results.Json(Explanation.Of(classifier, image), AnswersJson.Default.Explanation);
        })
        : Picture(http);

    /// <summary>One answer a series of an archive.</summary>
    public async Task<IResult> Series(HttpContext http)
    {
        if (Interlocked.Exchange(ref _isAboutSeries, true))
        {
            return Refusal.Full(http, LongestPatience);
        }

        try
        {
            return await Answered(
                http,
                async (classifier, request, file, token) =>
                {
                    var rule = SeriesUpload.RuleOf(request);
                    var answers = await Task.Run(() => SeriesUpload.Answer(classifier, file, rule, _options, token), token)
                        .ConfigureAwait(false);
                    return Results.Json(answers, AnswersJson.Default.SeriesAnswers);
                },
                _options.MaxSeriesBytes,
                _options.SeriesTimeout).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isAboutSeries, false);
        }
    }

    /// <summary>What the model is.</summary>
    public IResult Card(HttpContext http)
    {
        try
        {
            return Results.Json(
                AspNetCore.Card.Of(name, Readiness.Classifier(http.RequestServices, name), Document()), AnswersJson.Default.Card);
        }
        catch (Exception e) when (Refusal.Of(e, http, isRead: true, _options.MaxBytes, Patience) is not null)
        {
            return Refusal.Of(e, http, isRead: true, _options.MaxBytes, Patience)!;
        }
    }

    private int Patience => (int)Math.Clamp(Math.Ceiling(Volatile.Read(ref _seconds)), 1, LongestPatience);

    private Task<IResult> Picture(HttpContext http) => Answered(http, static async (classifier, request, file, token) =>
    {
        var wish = Wish.Of(request, classifier.Model.Classes);
        var image = await classifier.ExplainFileAsync(file, wish.Options, wish.Label, token).ConfigureAwait(false);
        return Results.Bytes(image.OverlayPng(wish.Opacity), Png);
    });

    // A place is taken before a byte is read, so that no more files are in memory than calls may wait.
    private async Task<IResult> Answered(
        HttpContext http, Func<ICtClassifier, HttpRequest, ReadOnlyMemory<byte>, CancellationToken, Task<IResult>> answer,
        int? mostBytes = null, TimeSpan? timeout = null)
    {
        var maxBytes = mostBytes ?? _options.MaxBytes;
        http.Response.Headers.CacheControl = "no-store";
        if (Interlocked.Increment(ref _inside) > _model.Queue!.Length)
        {
            Interlocked.Decrement(ref _inside);
            return Refusal.Full(http, Patience);
        }

        var (start, isRead) = (Stopwatch.GetTimestamp(), false);
        try
        {
            using var time = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
            time.CancelAfter(timeout ?? _options.Timeout);
            var file = await Upload.Read(http.Request, maxBytes, time.Token).ConfigureAwait(false);
            isRead = true;
            var result = await answer(Readiness.Classifier(http.RequestServices, name), http.Request, file, time.Token)
                .ConfigureAwait(false);
            if (timeout is null)
            {
                Volatile.Write(ref _seconds, (0.9 * _seconds) + (0.1 * Stopwatch.GetElapsedTime(start).TotalSeconds));
            }

            return result;
        }
        catch (Exception e) when (Refusal.Of(e, http, isRead, maxBytes, Patience) is { } refusal)
        {
            return refusal;
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    /// <summary>The model card that lies beside the model, or in the folder of its study.</summary>
    private string? Document()
    {
        var folder = Path.GetFullPath(_model.Model!);
        for (var above = 0; above < FoldersAbove && folder is not null; above++, folder = Path.GetDirectoryName(folder))
        {
            var file = Path.Combine(folder, StudyLayout.ModelCardName);
            if (File.Exists(file))
            {
                return File.ReadAllText(file);
            }
        }

        return null;
    }

    private static bool Prefers(HttpRequest request, string type, string to)
    {
        var accepted = request.GetTypedHeaders().Accept;
        return Quality(accepted, type) > Quality(accepted, to);
    }

    // Only types by their full name count: a browser's */* asks for neither.
    private static double Quality(IList<MediaTypeHeaderValue> accepted, string type) => accepted
        .Where(entry => entry.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        .Select(entry => entry.Quality ?? 1).DefaultIfEmpty(0).Max();

    private static T Get<T>(IServiceProvider provider, string name) where T : class =>
        ((IOptionsMonitor<T>)provider.GetService(typeof(IOptionsMonitor<T>))!).Get(name);
}
