# Compute one index again in R from an exported CSV or Parquet file and its codebook, and compare.
#
#   Rscript reproduce_index.R DATA.csv FIGURES.json [FORMULA [INDEX]]
#
# DATA.csv (or DATA.parquet) and DATA.codebook.json come from `survey export ROUND --format csv`,
# FIGURES.json from `survey recompute SNAPSHOT --output json`. Packages: survey, jsonlite, and arrow for
# Parquet. README.md beside this file explains every step; reproduce_index.py does the same with numpy.

suppressPackageStartupMessages(library(survey))
library(jsonlite)

tolerance <- 1e-9
level <- 0.95

args <- commandArgs(trailingOnly = TRUE)
if (length(args) < 2) stop("usage: Rscript reproduce_index.R DATA.csv FIGURES.json [FORMULA [INDEX]]")
data_file <- args[1]
figures <- fromJSON(args[2])
codebook <- fromJSON(sub("\\.(csv|parquet)$", ".codebook.json", data_file), simplifyVector = FALSE)

responses <- if (grepl("\\.parquet$", data_file)) {
  as.data.frame(arrow::read_parquet(data_file))
} else {
  read.csv(data_file, fileEncoding = "UTF-8-BOM", na.strings = "", check.names = FALSE)
}
stopifnot(nrow(responses) == codebook$snapshot$rows)

# 1. The formula: a list of terms, each a weight and the variables whose answers it pools.
pick <- function(among, wanted) Find(wanted, among)
formula <- pick(codebook$formulas, function(one) if (length(args) > 2) one$id == args[3] else one$default)
index <- if (length(args) > 3) pick(formula$indices, function(one) one$id == args[4]) else formula$indices[[1]]

# 2. Each term's numerator and denominator, row by row, over available cases. Codes below 0 and blanks
#    leave the denominator. The dots keep these names apart from every exported variable.
summands <- character(0)
for (k in seq_along(index$terms)) {
  up <- down <- numeric(nrow(responses))
  for (name in unlist(index$terms[[k]]$variables)) {
    code <- responses[[name]]
    answered <- !is.na(code) & code >= 0
    figure <- if (formula$measure == "top_share") code %in% unlist(formula$levels) else code
    up <- up + ifelse(answered, figure, 0)
    down <- down + answered
  }
  responses[[paste0("up.", k)]] <- up
  responses[[paste0("down.", k)]] <- down
  summands[k] <- sprintf("%.17g * up.%d / down.%d", index$terms[[k]]$weight, k, k)
}

# 3. The design, declared before anything is selected. "adjust" gives a stratum with one PSU the squared
#    distance of its total from the mean of all PSUs; R's own default, "fail", would stop here.
options(survey.lonely.psu = codebook$design$lonely)
design <- svydesign(
  ids = reformulate(codebook$design$psu),
  strata = reformulate(codebook$design$strata),
  weights = reformulate(codebook$design$weights),
  data = responses,
  nest = TRUE
)

# 4. Totals with their full covariance, then the index as a function of the totals: svycontrast
#    differentiates it, which is Taylor linearisation with every covariance between items.
k <- seq_along(index$terms)
totals <- svytotal(reformulate(c(paste0("up.", k), paste0("down.", k))), design)
result <- svycontrast(totals, parse(text = paste(summands, collapse = " + "))[[1]])
value <- as.numeric(coef(result))
se <- as.numeric(SE(result))

# 5. The interval: t with the design's degrees of freedom; for a share, on the log odds.
df <- degf(design)
quantile_t <- qt((1 + level) / 2, df)
interval <- if (formula$measure == "top_share") {
  plogis(qlogis(value) + c(-1, 1) * quantile_t * se / (value * (1 - value)))
} else {
  value + c(-1, 1) * quantile_t * se
}

# 6. Side by side with what the program computed.
told <- subset(figures$figures, kind == "index" & statistic == index$id & unit == "")
stopifnot(nrow(told) == 1, figures$formula == formula$id)
compared <- data.frame(
  figure = c("value", "se", "ci_low", "ci_high", "df"),
  R = c(value, se, interval, df),
  survey = c(told$value, told$se, told$ci_low, told$ci_high, told$df)
)
compared$difference <- abs(compared$R - compared$survey) / abs(compared$survey)
print(compared, digits = 15)
if (any(compared$difference > tolerance)) stop("the figures differ")
cat(sprintf("the same as %s to 1e-9\n", figures$snapshot))
