namespace CovidCt.Data;

/// <summary>Draws one chest-like slice: shapes with soft edges over each other, from the air inward.</summary>
/// <remarks>
/// Places are in half body widths from the middle of the chest: x to the right, y towards the back. Values are gray
/// levels of a lung window.
/// </remarks>
internal sealed class PhantomAnatomy
{
    private const double Air = 14, Fat = 150, Muscle = 186, Bone = 232, Lung = 46, Blood = 196, Table = 120;

    private readonly PhantomSlice _slice;
    private readonly double _thickness, _wobblePhase, _wobble, _fat, _heartX, _heartSize, _lungTop, _lungBottom;
    private readonly double _lungWidth, _lungX, _gradient, _lungGray, _tilt;
    private readonly double _scale, _centreX, _centreY;
    private readonly float[] _pixels;
    private readonly float[] _lungs;

    private PhantomAnatomy(PhantomSlice slice)
    {
        _slice = slice;
        var patient = new PhantomRandom(slice.Seed, slice.Patient, 1);
        var own = new PhantomRandom(slice.Seed, slice.Patient, 2, slice.Slice);
        _thickness = patient.Next(0.68, 0.8);
        _wobblePhase = patient.Next(0, 2 * Math.PI);
        _wobble = patient.Next(0.02, 0.05);
        _fat = patient.Next(0.05, 0.1);
        _heartX = patient.Next(0.04, 0.14);
        _heartSize = patient.Next(0.22, 0.3) * (0.75 + 0.4 * slice.Level);
        _lungTop = patient.Next(0.46, 0.54) - 0.06 * (1 - slice.Level);
        _lungBottom = patient.Next(0.46, 0.54) - 0.06 * (1 - slice.Level);
        _lungWidth = patient.Next(0.29, 0.33) - 0.03 * (1 - slice.Level);
        _lungX = patient.Next(0.41, 0.45);
        _gradient = patient.Next(0, 16);
        _lungGray = Lung + patient.Next(-9, 9);
        _tilt = patient.Next(-0.06, 0.06) + own.Next(-0.01, 0.01);

        double halfWidth = Math.Min(slice.Width / 2.0, slice.Height / 2.0 / (_thickness + 0.06)) * patient.Next(0.9, 0.97);
        _scale = halfWidth;
        _centreX = slice.Width / 2.0 + own.Next(-0.01, 0.01) * slice.Width;
        _centreY = slice.Height / 2.0 - 0.02 * halfWidth;
        _pixels = new float[slice.Width * slice.Height];
        _lungs = new float[slice.Width * slice.Height];
    }

    /// <summary>The gray levels of a slice, row-major, before rounding; noise included.</summary>
    public static float[] Draw(PhantomSlice slice)
    {
        var anatomy = new PhantomAnatomy(slice);
        anatomy.DrawBody();
        anatomy.DrawVessels();
        anatomy.DrawHaze();
        anatomy.DrawNoise();
        return anatomy._pixels;
    }

    private void DrawBody()
    {
        ForEachPixel((i, x, y) =>
        {
            double value = Air;
            double table = Math.Abs(y - (_thickness + 0.07 - 0.16 * x * x));
            value = Over(value, Table, Inside(table - 0.012) * Inside(Math.Abs(x) - 0.8));
            double wobble = _wobble * Math.Sin(3 * Math.Atan2(y, x) + _wobblePhase);
            double skin = SuperEllipse(x, y, 1, _thickness, 2.4) + 0.4 * wobble;
            value = Over(value, Muscle, Inside(skin));
            value = Over(value, Fat, Inside(skin + 0.014) * Inside(-(skin + _fat)));
            value = DrawBones(value, x, y, skin);

            double lung = Math.Min(LungField(x, y, -1), LungField(x, y, 1));
            double heart = SuperEllipse(x - _heartX, y + 0.1, _heartSize, _heartSize * 1.25, 2.2);
            double spine = SuperEllipse(x, y - _thickness * 0.56, 0.2, 0.24, 2);
            lung = Math.Max(lung, Math.Max(-heart, -spine));
            _lungs[i] = (float)Inside(lung);
            value = Over(value, _lungGray + _gradient * y / _thickness, _lungs[i]);
            value = Over(value, Air, Inside(SuperEllipse(x + 0.015, y + 0.12 - 0.3 * (1 - _slice.Level) * 0.3, 0.045, 0.05, 2)) * (1 - _slice.Level));
            _pixels[i] = (float)value;
        });
    }

    private double DrawBones(double value, double x, double y, double skin)
    {
        double spineY = _thickness * 0.56;
        value = Over(value, Bone, Inside(SuperEllipse(x, y - spineY, 0.12, 0.1, 2.4)));
        value = Over(value, Muscle - 20, Inside(SuperEllipse(x, y - spineY, 0.085, 0.065, 2)) * 0.6);
        value = Over(value, Bone, Inside(SuperEllipse(x, y - spineY - 0.2, 0.03, 0.07, 2)));
        value = Over(value, Bone, Inside(SuperEllipse(Math.Abs(x) - 0.13, y - spineY - 0.1, 0.07, 0.025, 2)));
        value = Over(value, Muscle - 30, Inside(SuperEllipse(x, y - spineY - 0.125, 0.05, 0.035, 2)));
        value = Over(value, Bone, Inside(SuperEllipse(x, y + _thickness - _fat - 0.06, 0.11, 0.03, 2)));

        // Ribs cross the slice at a slant, as arcs of the chest wall.
        double ring = Math.Abs(skin + _fat + 0.05) - 0.022;
        double angle = Math.Atan2(y / _thickness, Math.Abs(x)) + _tilt * 3 + (x < 0 ? 0.1 : 0);
        double phase = angle * 2.6 + _wobblePhase + 1.5 * _slice.Level;
        double along = (0.32 - Math.Abs(phase - Math.Round(phase))) * 0.5;
        return Over(value, Bone, Inside(ring) * Inside(-along) * Inside(Math.Abs(angle) - 1.15));
    }

    private double LungField(double x, double y, int side)
    {
        double dx = x - side * _lungX - 0.04 * y * side, dy = y + 0.01 + _tilt * x;
        double angle = Math.Atan2(dy, dx * side);
        double height = dy < 0 ? _lungTop : _lungBottom;
        double ripple = 0.012 * Math.Sin(3 * angle + _wobblePhase + side) + 0.008 * Math.Sin(5 * angle - _wobblePhase);
        return SuperEllipse(dx, dy, _lungWidth, height * _thickness / 0.74, 2.3) + ripple;
    }

    private void DrawVessels()
    {
        var random = new PhantomRandom(_slice.Seed, _slice.Patient, 3, _slice.Slice);
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
        {
            int trunks = 5 + random.Index(4);
            for (int t = 0; t < trunks; t++)
            {
                double angle = (t + random.Next(0.1, 0.9)) / trunks * 3.6 - 1.8;
                Branch(random, side * 0.2, random.Next(-0.06, 0.1), side > 0 ? angle : Math.PI - angle, random.Next(0.016, 0.03), 4);
            }

            // Vessels that cross the slice are dots.
            for (int dots = 14 + random.Index(10); dots > 0; dots--)
            {
                double x = side * random.Next(0.15, 0.72), y = random.Next(-0.5, 0.5) * _thickness / 0.74;
                Segment(x, y, x, y, random.Next(0.004, 0.014), random.Next(0.5, 1));
            }
        }
    }

    private void Branch(PhantomRandom random, double x, double y, double angle, double radius, int depth)
    {
        double length = random.Next(0.07, 0.15);
        double toX = x + length * Math.Cos(angle), toY = y + length * Math.Sin(angle);
        Segment(x, y, toX, toY, radius, 0.5 + 0.12 * depth);
        if (depth == 0)
            return;
        double spread = random.Next(0.2, 0.6);
        Branch(random, toX, toY, angle + spread * random.Next(0.3, 1), radius * random.Next(0.6, 0.75), depth - 1);
        if (random.Next() < 0.75)
            Branch(random, toX, toY, angle - spread, radius * random.Next(0.55, 0.7), depth - 1);
    }

    private void Segment(double x0, double y0, double x1, double y1, double radius, double opacity)
    {
        double reach = radius + 2 / _scale;
        ForEachPixel(
            (i, x, y) =>
            {
                if (_lungs[i] == 0)
                    return;
                double length = (x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0);
                double t = length == 0 ? 0 : Math.Clamp(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1);
                double distance = Math.Sqrt(Square(x - x0 - t * (x1 - x0)) + Square(y - y0 - t * (y1 - y0)));
                double cover = opacity * _lungs[i] * Inside(distance - radius) * Math.Min(1, 1.4 * radius * _scale);
                _pixels[i] = (float)Math.Max(_pixels[i], Over(_pixels[i], Blood, cover));
            },
            Math.Min(x0, x1) - reach,
            Math.Min(y0, y1) - reach,
            Math.Max(x0, x1) + reach,
            Math.Max(y0, y1) + reach);
    }

    /// <summary>
    /// Adds the slice's haze to the lungs: the same sum of gray levels in both classes, so that neither the image's
    /// mean nor that of the lungs tells them apart.
    /// </summary>
    private void DrawHaze()
    {
        double area = _lungs.Sum(v => (double)v);
        float[] haze = _slice.Focal ? Patches(area) : _lungs;
        double gain = _slice.Haze * area / haze.Sum(v => (double)v);
        for (int i = 0; i < haze.Length; i++)
            _pixels[i] += (float)(gain * haze[i] * Math.Clamp((Blood + 20 - _pixels[i]) / (Blood - Lung), 0.15, 1));
    }

    /// <summary>Soft-edged patches, near the pleura more often than not, until they are as large as the haze asks for.</summary>
    private float[] Patches(double area)
    {
        var random = new PhantomRandom(_slice.Seed, _slice.Patient, 4);
        double contrast = random.Next(48, 66);
        bool bilateral = random.Next() < 0.6;
        int first = random.Next() < 0.5 ? -1 : 1;
        float[] patches = new float[_pixels.Length];
        for (int n = 0; n < 40 && patches.Sum(v => (double)v) * contrast < _slice.Haze * area; n++)
        {
            int side = bilateral && n % 2 == 1 ? -first : first;
            double angle = random.Next(-0.6, 1.5), out_ = random.Next() < 0.7 ? random.Next(0.7, 0.95) : random.Next(0.2, 0.7);
            double cx = side * (_lungX + out_ * _lungWidth * Math.Cos(angle));
            double cy = out_ * _lungBottom * Math.Sin(angle);
            double rx = random.Next(0.08, 0.17), ry = rx * random.Next(0.7, 1.5);
            double p1 = random.Next(0, 6.3), p2 = random.Next(0, 6.3), p3 = random.Next(0, 6.3);
            ForEachPixel(
                (i, x, y) =>
                {
                    double dx = (x - cx) / rx, dy = (y - cy) / ry, angle = Math.Atan2(dy, dx);
                    double r = Math.Sqrt(dx * dx + dy * dy)
                        * (1 + 0.15 * Math.Sin(2 * angle + p1) + 0.12 * Math.Sin(3 * angle + p2) + 0.08 * Math.Sin(5 * angle + p3));
                    double soft = Math.Clamp((1.25 - r) / 0.6, 0, 1);
                    soft *= soft * (3 - 2 * soft);
                    patches[i] = Math.Max(patches[i], (float)(soft * _lungs[i]));
                },
                cx - 1.9 * rx,
                cy - 1.9 * ry,
                cx + 1.9 * rx,
                cy + 1.9 * ry);
        }

        return patches;
    }

    /// <summary>Scanner-like noise: normal, and correlated over neighbouring pixels by a 3 × 3 binomial filter.</summary>
    private void DrawNoise()
    {
        var random = new PhantomRandom(_slice.Seed, _slice.Patient, 5, _slice.Slice);
        int width = _slice.Width, height = _slice.Height;
        float[] white = new float[_pixels.Length];
        for (int i = 0; i < white.Length; i++)
            white[i] = (float)random.Gaussian();

        // The filter's weights have the root of summed squares 3/8.
        float gain = (float)(_slice.Noise * 8 / 3);
        for (int y = 0; y < height; y++)
        {
            int above = Math.Max(y - 1, 0) * width, here = y * width, below = Math.Min(y + 1, height - 1) * width;
            for (int x = 0; x < width; x++)
            {
                int left = Math.Max(x - 1, 0), right = Math.Min(x + 1, width - 1);
                float sum = white[above + left] + white[above + right] + white[below + left] + white[below + right]
                    + 2 * (white[above + x] + white[below + x] + white[here + left] + white[here + right])
                    + 4 * white[here + x];
                _pixels[here + x] += gain * sum / 16;
            }
        }
    }

    private void ForEachPixel(
        Action<int, double, double> draw, double left = -9, double top = -9, double right = 9, double bottom = 9)
    {
        int x0 = Math.Max(0, (int)(_centreX + left * _scale)), x1 = Math.Min(_slice.Width - 1, (int)(_centreX + right * _scale) + 1);
        int y0 = Math.Max(0, (int)(_centreY + top * _scale)), y1 = Math.Min(_slice.Height - 1, (int)(_centreY + bottom * _scale) + 1);
        for (int y = y0; y <= y1; y++)
        {
            for (int x = x0; x <= x1; x++)
                draw(y * _slice.Width + x, (x + 0.5 - _centreX) / _scale, (y + 0.5 - _centreY) / _scale);
        }
    }

    /// <summary>Roughly the signed distance to a super-ellipse, negative inside.</summary>
    private static double SuperEllipse(double x, double y, double a, double b, double power)
    {
        double u = Math.Abs(x / a), v = Math.Abs(y / b);
        double r = power == 2 ? Math.Sqrt(u * u + v * v) : Math.Pow(Math.Pow(u, power) + Math.Pow(v, power), 1 / power);
        return (r - 1) * Math.Min(a, b);
    }

    /// <summary>Coverage of a pixel by a shape whose edge is that far away: an edge 1.5 pixels wide.</summary>
    private double Inside(double distance) => Math.Clamp(0.5 - distance * _scale / 1.5, 0, 1);

    private static double Over(double below, double above, double cover) => below + (above - below) * cover;

    private static double Square(double v) => v * v;
}
