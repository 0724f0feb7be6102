using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.WebUtilities;

/// <summary>An Orthanc: what comes in by its REST interface, files from it and to it by DICOMweb.</summary>
/// <param name="address">Such as http://localhost:8042.</param>
/// <param name="user">NAME:PASSWORD; null where none is asked for.</param>
internal sealed class Archive(string address, string? user) : IDisposable
{
    private readonly HttpClient _http = new()
    {
        BaseAddress = new(address.TrimEnd('/') + '/'),
        DefaultRequestHeaders =
        {
            Authorization = user is null ? null : new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user))),
        },
    };

    /// <summary>What happened after a number.</summary>
    public async Task<Changes> ChangesAfter(long number, CancellationToken cancellationToken) =>
        (await _http.GetFromJsonAsync<Changes>($"changes?since={number}&limit=100", cancellationToken))!;

    /// <summary>The UIDs of a CT series by the number that Orthanc gives it; null where it is another modality's, or gone.</summary>
    public async Task<(string Study, string Series)?> CtSeries(string id, CancellationToken cancellationToken)
    {
        try
        {
            var series = (await _http.GetFromJsonAsync<Resource>($"series/{id}", cancellationToken))!;
            var study = (await _http.GetFromJsonAsync<Resource>($"studies/{series.ParentStudy}", cancellationToken))!;
            return series.MainDicomTags.GetValueOrDefault("Modality") == "CT"
                ? (study.MainDicomTags["StudyInstanceUID"], series.MainDicomTags["SeriesInstanceUID"]) : null;
        }
        catch (HttpRequestException e) when (e.StatusCode is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Writes the files of a series into a folder, as they are stored (WADO-RS, PS3.18, section 10.4).</summary>
    public async Task Retrieve((string Study, string Series) uids, string folder, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"dicom-web/studies/{uids.Study}/series/{uids.Series}");
        request.Headers.TryAddWithoutValidation("Accept", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        response.EnsureSuccessStatusCode();
        var boundary = response.Content.Headers.ContentType!.Parameters.Single(parameter => parameter.Name == "boundary").Value!.Trim('"');
        var parts = new MultipartReader(boundary, await response.Content.ReadAsStreamAsync(cancellationToken));
        for (var i = 0; await parts.ReadNextSectionAsync(cancellationToken) is { } part; i++)
        {
            await using var file = File.Create(Path.Combine(folder, $"{i:00000}.dcm"));
            await part.Body.CopyToAsync(file, cancellationToken);
        }
    }

    /// <summary>Stores a file (STOW-RS, PS3.18, section 10.5); one that is there already stays there once.</summary>
    public async Task Store(string file, CancellationToken cancellationToken)
    {
        const string type = "application/dicom";
        using var part = new ByteArrayContent(await File.ReadAllBytesAsync(file, cancellationToken));
        part.Headers.ContentType = new(type);
        using var content = new MultipartContent("related") { part };
        content.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", $"\"{type}\""));
        using var response = await _http.PostAsync("dicom-web/studies", content, cancellationToken);
        if (response.StatusCode is not HttpStatusCode.OK)
        {
            throw new HttpRequestException($"Orthanc stored no report and answered {(int)response.StatusCode}.");
        }
    }

    public void Dispose() => _http.Dispose();

    internal sealed record Changes([property: JsonPropertyName("Changes")] IReadOnlyList<Change> All, bool Done, long Last);

    internal sealed record Change(string ChangeType, string ID, long Seq);

    private sealed record Resource(string? ParentStudy, Dictionary<string, string> MainDicomTags);
}
